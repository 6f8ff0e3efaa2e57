internal import Checkpoints

/// The body of `stitch`.
package struct StitchJSON: Encodable {
  let a: ScoreJSON
  let b: ScoreJSON
  let merged: ScoreJSON
  let cuts: [Cut]
  @OrNull var restoredFrom: String?
  let verdict: VerdictJSON

  package struct Cut: Encodable {
    let name: String
    let kind: String
    let shape: [Int]
    let aIntoB: ScoreJSON
    let interpolatedIntoMerged: ScoreJSON

    init(_ cut: StitchReport.Cut) {
      name = cut.name
      kind = cut.kind
      shape = cut.shape
      aIntoB = ScoreJSON(cut.aIntoB)
      interpolatedIntoMerged = ScoreJSON(cut.interpolatedIntoMerged)
    }
  }
}

extension StitchReport {
  package var jsonView: ReportJSON<StitchJSON> {
    ReportJSON(
      header: header,
      body: StitchJSON(
        a: ScoreJSON(a), b: ScoreJSON(b), merged: ScoreJSON(merged),
        cuts: cuts.map(StitchJSON.Cut.init), restoredFrom: restoredFrom,
        verdict: VerdictJSON(verdict)))
  }
}
