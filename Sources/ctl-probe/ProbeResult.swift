import Checkpoints
import Probing
import Reporting
import Terminal

/// What a measurement found, in every form in which it leaves the program; each is made when it is
/// asked for.
struct ProbeResult {
  /// The answer in one word; nil for verbs that only measure.
  var grade: Grade?
  /// What a person should know beside the result.
  var warnings: [String]
  /// The table; its first line is the answer in words.
  var text: (Display) -> String
  /// What scripts read.
  var json: () -> String
  /// Every figure, one a line.
  var csv: () -> String
  /// One self-contained page.
  var html: () -> String
}

/// Writes a text to a file that is seen under its name only when it is whole, or to standard output.
///
/// - Throws: ``CheckpointError`` of kind `output`.
func write(
  _ text: String, to destination: StagedFile.Destination, replacing: Bool
) throws(CheckpointError) {
  let whole = text.hasSuffix("\n") ? text : text + "\n"
  guard destination != .standardOutput else {
    print(whole, terminator: "")
    return
  }
  let file = try StagedFile.create(destination, replacing: replacing)
  let bytes = Array(whole.utf8)
  try file.write(unsafe bytes.span.bytes, at: 0)
  try file.commit(durably: false)
}
