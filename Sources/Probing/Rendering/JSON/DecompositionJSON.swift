internal import Checkpoints

/// The body of `addition` and `negation`.
package struct DecompositionJSON: Encodable {
  let formula: String
  let scales: [AtScale]
  let verdict: VerdictJSON

  package struct AtScale: Encodable {
    let scale: Double
    let layers: [LayerClosenessJSON]
    let scores: [EntryJSON]
    let constructedScores: [EntryJSON]
    @OrNull var agreement: Double?
    @OrNull var disentanglementError: Double?

    init(_ figures: DecompositionReport.AtScale) {
      scale = figures.scale
      layers = figures.layers.map(LayerClosenessJSON.init)
      scores = figures.scores.map(EntryJSON.init)
      constructedScores = figures.constructedScores.map(EntryJSON.init)
      agreement = figures.agreement
      disentanglementError = figures.disentanglementError
    }
  }
}

extension DecompositionReport {
  package var jsonView: ReportJSON<DecompositionJSON> {
    ReportJSON(
      header: header,
      body: DecompositionJSON(
        formula: formula, scales: scales.map(DecompositionJSON.AtScale.init),
        verdict: VerdictJSON(verdict)))
  }
}
