import ArgumentParser
import Probing
import Terminal

/// The verb `linearity`.
struct LinearityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "linearity",
    abstract: "Will the merge work? Cross-Task Linearity of two models, layer by layer.",
    discussion: """
      Compares the features of the merged model alpha*A + (1-alpha)*B with the same interpolation of \
      the features of A and B, in every layer, and says which layers break the merge. Alpha \
      multiplies the FIRST model, as in ctl-merge interpolate. This is the verb where none is given.

      With --merged the merge is a file, made by anything: with its alpha, or with an alpha fitted \
      to each layer by least squares.

      EXAMPLES
        ctl-probe linearity a.h5 b.h5 --data test.h5
        ctl-probe a.h5 b.h5 --data task-a.h5 --data task-b.h5 --alphas 0:1:0.1
        ctl-probe linearity a.h5 b.h5 --data test.h5 --merged merge.h5 --alpha 0.3
        ctl-probe linearity a.h5 b.h5 --base pt.h5 --data test.h5 --json
        ctl-probe linearity a.h5 b.h5 --data test.h5 --html ab.html --fail-on weak
      """)

  @Argument(help: ArgumentHelp("Model A, which alpha multiplies.", valueName: "a"))
  var first: String

  @Argument(help: ArgumentHelp("Model B.", valueName: "b"))
  var second: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The alphas: a list x1,x2 or a range first:last:step (default: 0.25,0.5,0.75).",
      valueName: "x1,x2,..."))
  var alphas: Sweep?

  @Option(help: ArgumentHelp("A merge of A and B to probe.", valueName: "file"))
  var merged: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The alpha with which --merged was made (default: fitted to each layer).", valueName: "x"))
  var alpha: Double?

  @Option(
    help: ArgumentHelp(
      "The pretrained model: adds the cosines of the two task vectors.", valueName: "pt"))
  var base: String?

  @Flag(help: "Compare the deviation with its second-order term (curvature along A - B).")
  var curvature = false

  @OptionGroup
  var options: ProbeOptions

  @OptionGroup
  var reports: ReportOptions

  func validate() throws { _ = try measurement() }

  func run() throws {
    try ProbeRun(options, reports).perform(
      .linearity(try measurement()), models: [first, second], base: base)
  }

  private func measurement() throws -> ProbeRequest.Linearity {
    if merged == nil, alpha != nil {
      throw ValidationError(
        "--alpha: tells how --merged was made; for merges in memory give --alphas")
    }
    if merged != nil, alphas != nil {
      throw ValidationError(
        "--alphas and --merged: a file has one alpha; give it with --alpha, or none to fit it")
    }
    if let alpha { _ = try distinctValues([alpha], of: "--alpha") }
    return ProbeRequest.Linearity(
      alphas: try distinctValues(
        merged == nil ? alphas?.values ?? [0.25, 0.5, 0.75] : alpha.map { [$0] } ?? [],
        of: "--alphas"),
      merged: merged.map { ProbeRequest.Merged(file: $0, alpha: alpha) },
      measuresCurvature: curvature)
  }
}
