import ArgumentParser
import Probing

/// The verb `matrix`.
struct MatrixCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "matrix",
    abstract: "All pairs of models: who can be merged with whom.",
    discussion: """
      Probes the half-way model of every pair, tests whether linearity is transitive, and names the \
      groups that can be averaged.

      EXAMPLES
        ctl-probe matrix a.h5 b.h5 c.h5 --data test.h5
        ctl-probe matrix a.h5 b.h5 c.h5 d.h5 --data test.h5 --html matrix.html
      """)

  @Argument(help: ArgumentHelp("The models, at least three.", valueName: "model"))
  var models: [String]

  @OptionGroup
  var options: ProbeOptions

  @OptionGroup
  var reports: ReportOptions

  func validate() throws {
    guard models.count >= 3 else {
      throw ValidationError("matrix: needs at least three models; for two see linearity")
    }
  }

  func run() throws {
    try ProbeRun(options, reports).perform(.matrix, models: models)
  }
}
