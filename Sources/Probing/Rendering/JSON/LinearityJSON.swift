internal import Checkpoints

extension LinearityReport {
  package var jsonView: ReportJSON<LinearityJSON> {
    ReportJSON(header: header, body: LinearityJSON(self))
  }
}

/// The body of `linearity`: the figures of all data, and those of each file where there are several.
package struct LinearityJSON: Encodable {
  let alphas: [Double]
  @OrNull var merged: String?
  let layers: [LinearityLayerJSON]
  let output: [Output]
  @OrNull var accuracy: Accuracies?
  let verdict: VerdictJSON
  let perData: [Part]

  init(_ report: LinearityReport) {
    alphas = report.alphas
    merged = report.merged
    let union = Part(report.union)
    layers = union.layers
    output = union.output
    accuracy = union.accuracy
    verdict = union.verdict
    perData = report.perData.map(Part.init)
  }
}

extension LinearityJSON {
  package struct Accuracies: Encodable {
    let a: Double
    let b: Double
  }

  /// The figures of one data set file.
  package struct Part: Encodable {
    @OrNull var file: String?
    let layers: [LinearityLayerJSON]
    let output: [Output]
    @OrNull var accuracy: Accuracies?
    let verdict: VerdictJSON

    init(_ part: LinearityReport.Part) {
      file = part.file
      layers = part.layers.map(LinearityLayerJSON.init)
      output = part.output.map(Output.init)
      accuracy = part.accuracy.map { Accuracies(a: $0.a, b: $0.b) }
      verdict = VerdictJSON(part.verdict)
    }
  }

  package struct Output: Encodable {
    let alpha: Double
    @OrNull var accuracy: Double?
    @OrNull var loss: Double?
    @OrNull var ensembleAccuracy: Double?
    @OrNull var ensembleLoss: Double?
    @OrNull var agreement: Double?
    @OrNull var certified: Double?

    init(_ output: LinearityReport.Output) {
      alpha = output.alpha
      accuracy = output.accuracy
      loss = output.loss
      ensembleAccuracy = output.ensembleAccuracy
      ensembleLoss = output.ensembleLoss
      agreement = output.agreement
      certified = output.certified
    }
  }
}
