internal import Checkpoints

/// The body of `barrier`.
package struct BarrierJSON: Encodable {
  let points: [BarrierReport.Point]
  let barrier: BarrierReport.Barrier
  let lemma: BarrierReport.Lemma
  let verdict: VerdictJSON
  let perData: [Part]

  /// The figures of one data set file.
  package struct Part: Encodable {
    @OrNull var file: String?
    let points: [BarrierReport.Point]
    let barrier: BarrierReport.Barrier
    let lemma: BarrierReport.Lemma
  }
}

extension BarrierReport {
  package var jsonView: ReportJSON<BarrierJSON> {
    // The types of the figures hold nothing optional, so they are written as they are.
    let parts = perData.map {
      BarrierJSON.Part(file: $0.file, points: $0.points, barrier: $0.barrier, lemma: $0.lemma)
    }
    return ReportJSON(
      header: header,
      body: BarrierJSON(
        points: union.points, barrier: union.barrier, lemma: union.lemma,
        verdict: VerdictJSON(verdict), perData: parts))
  }
}
