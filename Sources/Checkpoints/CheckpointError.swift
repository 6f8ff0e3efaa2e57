/// What went wrong, in the order in which a person needs it: file, tensor or argument, fact, remedy.
public struct CheckpointError: Error, Hashable, Sendable {
  /// The kind of failure; decides the exit code of the programs.
  public enum Kind: Hashable, Sendable {
    /// A file is unreadable, damaged, incompatible or not supported.
    case unusable
    /// Values are not finite, or a variance became negative.
    case numeric
    /// The command line is wrong.
    case usage
    /// The output could not be written.
    case output
    /// SIGINT, SIGTERM or SIGHUP arrived.
    case interrupted
  }

  /// The kind of failure.
  public let kind: Kind
  /// The file, as the user named it.
  public let file: String?
  /// The tensor or the argument.
  public let subject: String?
  /// What is so.
  public let fact: String
  /// What to do about it.
  public let remedy: String?

  /// An error with its parts.
  public init(
    _ kind: Kind, file: String? = nil, subject: String? = nil, fact: String, remedy: String? = nil
  ) {
    self.kind = kind
    self.file = file
    self.subject = subject
    self.fact = fact
    self.remedy = remedy
  }

  /// A file that can't be used, with the tensor where one is at fault.
  public static func unusable(
    _ file: String?, tensor: TensorName? = nil, _ fact: String, remedy: String? = nil
  ) -> CheckpointError {
    CheckpointError(
      .unusable, file: file, subject: tensor.map { "tensor \($0)" }, fact: fact, remedy: remedy)
  }

  /// The exit code that stands for the kind of failure.
  public var exitCode: Int32 {
    switch kind {
    case .unusable: 2
    case .numeric: 3
    case .usage: 64
    case .output: 74
    case .interrupted: 130
    }
  }
}

extension CheckpointError: CustomStringConvertible {
  /// The parts as one text, `file: subject: fact; remedy`.
  ///
  /// Behind a list the remedy has a line of its own.
  public var description: String {
    let place = [file, subject].compactMap(\.self).map { "\($0): " }.joined()
    let separator = fact.contains("\n") ? "\n" : "; "
    return place + fact + (remedy.map { separator + $0 } ?? "")
  }
}
