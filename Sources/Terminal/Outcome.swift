internal import ArgumentParser
package import Checkpoints

/// How a command ends, as its exit code.
package enum Outcome: Int32 {
  /// Done, equal, sound.
  case yes = 0
  /// The measured answer is no.
  case no = 1
  /// A file is damaged or can't be compared.
  case unusable = 2
  /// Values aren't finite.
  case numeric = 3
}

/// Why a command can't go on.
package typealias Failure = CheckpointError

/// Runs a command's work; an error is printed, and the outcome or the error becomes the exit code.
///
/// - Parameters:
///   - program: The program's name, which stands before the error.
///   - work: The command's work.
/// - Throws: `ExitCode` where the code isn't 0.
package func concluding(
  _ program: String, _ work: () throws(Failure) -> Outcome
) throws {
  let code: Int32
  do throws(Failure) {
    code = try work().rawValue
  } catch {
    note("\(program): error: \(error)")
    code = error.exitCode
  }
  if code != 0 { throw ExitCode(code) }
}
