import ArgumentParser
import Checkpoints
import Merging
import Terminal

/// The verb `soup`.
struct SoupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "soup",
    abstract: "Average two or more models: sum w_i A_i.",
    discussion: """
      Uniform by default: the correctly rounded mean, whatever the order of the sources. Weights \
      are normalised to sum 1 unless --no-normalize is given. For a point between two models see \
      interpolate.

      EXAMPLES
        ctl-merge soup a.h5 b.h5 c.h5 -o mean.h5
        ctl-merge soup a.h5 b.h5 --weights 3,1 -o mostly-a.h5
        ctl-merge soup a.h5 b.h5 --exclude '*/head/*' -o shared-trunk.h5
        ctl-merge soup legacy.h5 new.keras --match keras -o mean.h5
      """)

  @Argument(help: ArgumentHelp("The models; the first is the template.", valueName: "model"))
  var sources: [String]

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("One number per model, separated by commas.", valueName: "w1,w2,..."))
  var weights: NumberList?

  @Flag(inversion: .prefixedNo, help: "Divide by the sum of the weights.")
  var normalize = true

  @OptionGroup
  var options: MergeOptions

  func validate() throws {
    guard sources.count >= 2 else {
      throw ValidationError("soup: needs at least two models; name them before -o")
    }
  }

  func run() throws {
    try MergeRun(options).perform(
      .soup(weights: weights?.values, normalize: normalize), sources: sources)
  }
}
