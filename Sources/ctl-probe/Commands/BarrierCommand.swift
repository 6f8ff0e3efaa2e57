import ArgumentParser
import Probing

/// The verb `barrier`.
struct BarrierCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "barrier",
    abstract: "Error and loss along the line between two models (linear mode connectivity).",
    discussion: """
      Evaluates alpha*A + (1-alpha)*B on a grid of alphas from 0 (B) to 1 (A) and tells how far the \
      curve rises above the straight line between its ends. Needs labels.

      EXAMPLES
        ctl-probe barrier a.h5 b.h5 --data test.h5
        ctl-probe barrier a.h5 b.h5 --data test.h5 --points 21 --html barrier.html
      """)

  @Argument(help: ArgumentHelp("Model A, at alpha 1.", valueName: "a"))
  var first: String

  @Argument(help: ArgumentHelp("Model B, at alpha 0.", valueName: "b"))
  var second: String

  @Option(help: ArgumentHelp("The points of the grid, an odd number.", valueName: "n"))
  var points = 11

  @OptionGroup
  var options: ProbeOptions

  @OptionGroup
  var reports: ReportOptions

  func validate() throws {
    guard (3...1001).contains(points), points % 2 == 1 else {
      throw ValidationError(
        "--points: is \(points); give an odd number from 3 to 1001, so that 0, 0.5 and 1 are in the "
          + "grid")
    }
  }

  func run() throws {
    let alphas = (0..<points).map { Double($0) / Double(points - 1) }
    try ProbeRun(options, reports).perform(.barrier(alphas: alphas), models: [first, second])
  }
}
