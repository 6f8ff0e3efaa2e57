import ArgumentParser
import Checkpoints
import Merging

/// The verb `interpolate`.
struct InterpolateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interpolate",
    abstract: "A point on the line through two models: X*A + (1-X)*B.",
    discussion: """
      X multiplies the FIRST model: --alpha 1 gives A, --alpha 0 gives B, bit for bit. X outside \
      [0,1] extrapolates.

      EXAMPLES
        ctl-merge interpolate a.h5 b.h5 --alpha 0.3 -o c.h5
        ctl-merge lerp a.h5 b.h5 --alpha 1.2 -o beyond-a.h5
      """,
    aliases: ["lerp"])

  @Argument(help: ArgumentHelp("Model A, which X multiplies; the template.", valueName: "a"))
  var first: String

  @Argument(help: ArgumentHelp("Model B.", valueName: "b"))
  var second: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The coefficient X of the first model.", valueName: "x"))
  var alpha: Double

  @OptionGroup
  var options: MergeOptions

  func run() throws {
    try MergeRun(options).perform {
      () throws(CheckpointError) in
      try options.recipe(.interpolate(alpha: alpha), sources: [first, second])
    }
  }
}
