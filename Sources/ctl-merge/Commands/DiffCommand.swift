import ArgumentParser
import Checkpoints
import FormatRegistry
import Merging
import Terminal

/// The verb `diff`.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two checkpoints tensor by tensor.",
    discussion: """
      Tensors are compared by name and by value, whatever their storage and floating-point type. \
      NaN equals NaN at the same place. Exit code 0: equal within the tolerance; 1: different; \
      2: can't be compared.

      EXAMPLES
        ctl-merge diff a.h5 b.h5
        ctl-merge diff a.h5 b.h5 --tolerance 1e-6 --json
        ctl-merge diff a.h5 b.h5 --exclude 'optimizer*'
        ctl-merge diff legacy.h5 new.keras --match keras
      """)

  @Argument(help: "A checkpoint.")
  var first: String

  @Argument(help: "Another checkpoint.")
  var second: String

  @Option(
    help: ArgumentHelp("The distance up to which two values are equal.", valueName: "t"))
  var tolerance = 0.0

  @Option(help: ArgumentHelp("Compare only these tensors (repeatable).", valueName: "glob"))
  var include: [String] = []

  @Option(help: ArgumentHelp("Leave these tensors out (repeatable).", valueName: "glob"))
  var exclude: [String] = []

  @OptionGroup
  var matching: MatchingOptions

  @OptionGroup
  var common: CommonOptions

  func validate() throws {
    guard tolerance >= 0 else {
      throw ValidationError("--tolerance: is \(tolerance); give a number that isn't negative")
    }
  }

  func run() throws {
    try concluding("ctl-merge") { () throws(CheckpointError) in
      let included = try globs(include, of: "--include")
      let excluded = try globs(exclude, of: "--exclude")
      let files = try matching.matched(
        try CheckpointFormats.openAll([first, second], threads: common.threads))
      let difference = try CheckpointDifference(
        files[0], files[1], tolerance: tolerance,
        selects: { name in
          (included.isEmpty || included.contains { $0.matches(name) })
            && !excluded.contains { $0.matches(name) }
        }, threads: common.threads)
      let report = DiffReport(difference, first: first, second: second)
      print(common.json ? jsonText(report) : report.text)
      if difference.isEqual { return Outcome.yes }
      return difference.isDifferent ? Outcome.no : Outcome.unusable
    }
  }
}
