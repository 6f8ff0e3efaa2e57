internal import Checkpoints

/// The body of `soup`: the figures of all data, and those of each file where there are several.
package struct SoupJSON: Encodable {
  let layers: [LayerClosenessJSON]
  @OrNull var soup: ScoreJSON?
  @OrNull var ensemble: ScoreJSON?
  @OrNull var agreement: Double?
  @OrNull var test: SoupReport.PairedTest?
  let members: [Member]
  let verdict: VerdictJSON
  let perData: [Part]

  init(_ report: SoupReport) {
    let union = Part(report.union)
    layers = union.layers
    soup = union.soup
    ensemble = union.ensemble
    agreement = union.agreement
    test = union.test
    members = union.members
    verdict = union.verdict
    perData = report.perData.map(Part.init)
  }
}

extension SoupJSON {
  /// The figures of one data set file.
  package struct Part: Encodable {
    @OrNull var file: String?
    let layers: [LayerClosenessJSON]
    @OrNull var soup: ScoreJSON?
    @OrNull var ensemble: ScoreJSON?
    @OrNull var agreement: Double?
    @OrNull var test: SoupReport.PairedTest?
    let members: [Member]
    let verdict: VerdictJSON

    init(_ part: SoupReport.Part) {
      file = part.file
      layers = part.layers.map(LayerClosenessJSON.init)
      soup = part.soup.map(ScoreJSON.init)
      ensemble = part.ensemble.map(ScoreJSON.init)
      agreement = part.agreement
      test = part.test
      members = part.members.map(Member.init)
      verdict = VerdictJSON(part.verdict)
    }
  }

  package struct Member: Encodable {
    let model: String
    let weight: Double
    @OrNull var score: ScoreJSON?
    @OrNull var oneMinusCosWithout: Double?
    @OrNull var accuracyWithout: Double?

    init(_ member: SoupReport.Member) {
      model = member.model
      weight = member.weight
      score = member.score.map(ScoreJSON.init)
      oneMinusCosWithout = member.oneMinusCosWithout
      accuracyWithout = member.accuracyWithout
    }
  }
}

extension SoupReport {
  package var jsonView: ReportJSON<SoupJSON> { ReportJSON(header: header, body: SoupJSON(self)) }
}
