import ArgumentParser
import Probing

/// The verb `stitch`.
struct StitchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stitch",
    abstract: "Accuracy when the features of one model go on through the layers of another.",
    discussion: """
      Cuts behind each layer: A's features go on through B, and the interpolated features through \
      the half-way model 0.5*A + 0.5*B. Needs labels.

      EXAMPLES
        ctl-probe stitch a.h5 b.h5 --data test.h5
        ctl-probe stitch a.h5 b.h5 --data test.h5 --layers 'conv*' --csv stitch.csv
      """)

  @Argument(help: ArgumentHelp("Model A, whose features are taken.", valueName: "a"))
  var first: String

  @Argument(help: ArgumentHelp("Model B, through which they go on.", valueName: "b"))
  var second: String

  @OptionGroup
  var options: ProbeOptions

  @OptionGroup
  var reports: ReportOptions

  func run() throws {
    try ProbeRun(options, reports).perform(.stitch, models: [first, second])
  }
}
