import ArgumentParser
import Checkpoints
import Merging
import Terminal

/// The verb `interpolate`.
struct InterpolateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interpolate",
    abstract: "A point on the line through two models: X*A + (1-X)*B.",
    discussion: """
      X multiplies the FIRST model: --alpha 1 gives A, --alpha 0 gives B, bit for bit. X outside \
      [0,1] extrapolates. With several values, {alpha} in the output's name stands for each.

      EXAMPLES
        ctl-merge interpolate a.h5 b.h5 --alpha 0.3 -o c.h5
        ctl-merge interpolate a.h5 b.h5 --alpha 0:1:0.1 -o 'merge-{alpha}.h5'
        ctl-merge lerp a.h5 b.h5 --alpha 1.2 -o beyond-a.h5
      """,
    aliases: ["lerp"])

  @Argument(help: ArgumentHelp("Model A, which X multiplies; the template.", valueName: "a"))
  var first: String

  @Argument(help: ArgumentHelp("Model B.", valueName: "b"))
  var second: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The coefficient X of the first model; a list x1,x2 or a range first:last:step for several "
        + "outputs in one pass.", valueName: "x"))
  var alpha: Sweep

  @OptionGroup
  var options: MergeOptions

  func run() throws {
    try MergeRun(options).perform(sources: [first, second]) { () throws(CheckpointError) in
      zip(try alpha.outputs(options.output, placeholder: "{alpha}"), alpha.values).map {
        MergeRun.Job(output: $0, operation: .interpolate(alpha: $1))
      }
    }
  }
}
