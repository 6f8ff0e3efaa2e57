import CLAPACK
import Checkpoints

/// Dense linear algebra by LAPACK, which is loaded when it is first needed.
enum LinearAlgebra {
  /// Says that LAPACK is missing, before the long work starts.
  ///
  /// - Parameter purpose: Who needs it.
  /// - Throws: ``CheckpointError`` of kind `unusable`.
  static func require(for purpose: String) throws(CheckpointError) {
    if ctl_lapack_is_there() { return }
    throw CheckpointError(
      .unusable, subject: purpose, fact: "needs LAPACK, which isn't installed",
      remedy: "install OpenBLAS (Debian: apt-get install libopenblas0-serial)")
  }
}
