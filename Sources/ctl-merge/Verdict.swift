import ArgumentParser
import Checkpoints

/// How a command ends, as its exit code.
enum Verdict: Int32 {
  /// Done, equal, sound.
  case yes = 0
  /// The measured answer is no.
  case no = 1
  /// A file is damaged or can't be compared.
  case unusable = 2
  /// Values aren't finite.
  case numeric = 3
}

/// Runs a command's work; an error is printed, and the verdict or the error becomes the exit code.
///
/// - Throws: `ExitCode` where the code isn't 0.
func concluding(_ work: () throws(CheckpointError) -> Verdict) throws {
  let code: Int32
  do throws(CheckpointError) {
    code = try work().rawValue
  } catch {
    note("ctl-merge: error: \(error)")
    code = error.exitCode
  }
  if code != 0 { throw ExitCode(code) }
}
