/// A format on disk, recognised by its content.
public protocol CheckpointFormat: Sendable {
  /// The format's name in messages.
  var name: String { get }

  /// Whether a file is of this format, judged by its bytes and never by its name.
  ///
  /// - Parameter file: The file.
  /// - Returns: Whether ``open(_:)`` may be called.
  /// - Throws: ``CheckpointError`` where the file can't be read.
  func recognises(_ file: InputFile) throws(CheckpointError) -> Bool

  /// Surveys a file: everything but the values.
  ///
  /// - Parameter file: A file of this format.
  /// - Returns: The checkpoint.
  /// - Throws: ``CheckpointError`` where the file is damaged or uses what isn't supported.
  func open(_ file: InputFile) throws(CheckpointError) -> Checkpoint
}
