import FoundationEssentials
import TestSupport
import Testing

/// Every example of the README runs as it stands there.
struct ReadmeTests {
  /// A command of a code block, and the code with which it has to end.
  struct Example: CustomTestStringConvertible, Sendable {
    let command: String
    let code: CInt
    var testDescription: String { command }
  }

  /// The commands, in their order, that start with a program of ours in blocks marked sh or console.
  static func examples(in text: String) -> [Example] {
    var examples: [Example] = []
    var isShell = false
    var command = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        isShell = !isShell && ["sh", "console", "bash"].contains(line.dropFirst(3))
        command = ""
        continue
      }
      guard isShell else { continue }
      var words = line.drop { $0 == " " }
      if command.isEmpty {
        if words.hasPrefix("$ ") { words = words.dropFirst(2) }
        guard words.hasPrefix("ctl-merge ") || words.hasPrefix("ctl-probe ") else { continue }
      }
      if words.hasSuffix("\\") {
        command += words.dropLast() + " "
        continue
      }
      command += words
      let expected = command.firstMatch(of: /#\s*exit ([0-9]+)\s*$/).flatMap { CInt($0.1) }
      examples.append(Example(command: command, code: expected ?? 0))
      command = ""
    }
    return examples
  }

  private static let readme = Repository.root + "/README.md"

  @Test func blocksAreReadAsAShellReadsThem() {
    let text = """
      ctl-merge outside of a block
      ```sh
      $ ctl-merge a \\
          | ctl-merge b
      tools/demo
      ctl-merge c   # exit 1
      ```
      ```json
      ctl-merge no
      ```
      """
    let examples = Self.examples(in: text)
    #expect(examples.map(\.code) == [0, 1])
    #expect(examples.first?.command == "ctl-merge a  | ctl-merge b")
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: readme), "there is no README yet"))
  func everyExampleRuns() throws {
    let bench = try Workbench()
    try bench.folder.copy(Sample.folder, as: "samples")
    let text = String(decoding: try bench.folder.bytes(Self.readme), as: UTF8.self)
    let examples = Self.examples(in: text)
    #expect(!examples.isEmpty)
    for example in examples {
      let run = try bench.shell(example.command)
      #expect(run.code == example.code, "\(example.command): \(run)")
    }
    #expect(try bench.folder.leftovers.isEmpty)
  }
}
