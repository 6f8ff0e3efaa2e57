import ArgumentParser
import Probing
import Terminal

/// The verb `soup`.
struct SoupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "soup",
    abstract: "Averaging models against averaging their logits, and who spoils the average.",
    discussion: """
      Compares the soup sum w_i A_i with the ensemble of its members, layer by layer and in \
      accuracy, and leaves out each member in turn. Uniform weights by default; others are divided \
      by their sum.

      EXAMPLES
        ctl-probe soup a.h5 b.h5 c.h5 --data test.h5
        ctl-probe soup a.h5 b.h5 --weights 3,1 --data test.h5 --json
      """)

  @Argument(help: ArgumentHelp("The models.", valueName: "model"))
  var models: [String]

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("One number per model, separated by commas.", valueName: "w1,w2,..."))
  var weights: NumberList?

  @OptionGroup
  var options: ProbeOptions

  @OptionGroup
  var reports: ReportOptions

  func validate() throws {
    guard models.count >= 2 else {
      throw ValidationError("soup: needs at least two models; name them before --data")
    }
    _ = try normalized()
  }

  func run() throws {
    try ProbeRun(options, reports).perform(.soup(weights: try normalized()), models: models)
  }

  /// The weights with sum 1.
  private func normalized() throws -> [Double] {
    let values = weights?.values ?? [Double](repeating: 1, count: models.count)
    guard values.count == models.count else {
      throw ValidationError(
        "--weights: has \(values.count) numbers for \(models.count) models; give one for each")
    }
    let sum = values.reduce(0, +)
    guard sum.isFinite, sum != 0 else {
      throw ValidationError("--weights: have the sum \(sum); give finite numbers with another sum")
    }
    return values.map { $0 / sum }
  }
}
