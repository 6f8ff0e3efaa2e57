#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What became of a program that a test ran.
package struct ProgramRun: Sendable {
  /// How it ended.
  package enum End: Hashable, Sendable {
    /// By itself, with an exit code.
    case exited(CInt)
    /// By a signal, as after a trap.
    case signalled(CInt)
    /// Not within its deadline; it was killed.
    case timedOut
  }

  /// How it ended.
  package let end: End
  /// What it wrote to standard output.
  package let output: [UInt8]
  /// What it wrote to standard error.
  package let errors: String

  /// Standard output as text.
  package var text: String { String(decoding: output, as: UTF8.self) }

  /// The exit code, or nil where the program didn't end by itself.
  package var code: CInt? {
    if case .exited(let code) = end { return code }
    return nil
  }

  /// Runs a program to its end.
  ///
  /// - Parameters:
  ///   - command: The program's path and its arguments.
  ///   - folder: The working directory.
  ///   - environment: Every variable that it sees.
  ///   - input: The file that is its standard input.
  ///   - deadline: The seconds after which it is killed.
  /// - Returns: What it wrote and how it ended.
  /// - Throws: ``SpawnError`` where it doesn't start.
  package static func run(
    _ command: [String], in folder: String, environment: [String: String],
    input: String = "/dev/null", deadline: Int = 120
  ) throws(SpawnError) -> ProgramRun {
    let program = try RunningProgram(
      command, in: folder, environment: environment, input: input)
    return program.finish(deadline: deadline)
  }
}

extension ProgramRun: CustomStringConvertible {
  /// How it ended and what it said, for the message of a failed expectation.
  package var description: String {
    "\(end); stdout: \(text.prefix(600)); stderr: \(errors.prefix(2000))"
  }
}
