public import Checkpoints
import HDF5

extension CheckpointFormats {
  /// The layout of a new file of arrays, in the format that its name asks for.
  ///
  /// - Parameters:
  ///   - arrays: What it is to hold.
  ///   - attributes: Texts about the file as a whole.
  ///   - name: The output's name.
  /// - Returns: The layout; nothing is written yet.
  /// - Throws: ``CheckpointError`` where the format can't hold these arrays or isn't written.
  public static func newFile(
    _ arrays: [NewArray], attributes: [Checkpoint.Attribute] = [], named name: String
  ) throws(CheckpointError) -> any NewFileLayout {
    if name.hasSuffix(".npz") {
      throw CheckpointError(
        .usage, subject: "-o \(name)", fact: "a NumPy archive can't be made from nothing yet",
        remedy: "name a file that ends in .h5")
    }
    return try HDF5NewFile(arrays, attributes: attributes, file: name)
  }
}
