internal import Checkpoints

/// Accuracy and loss, with Wilson's interval.
package struct ScoreJSON: Encodable {
  let accuracy: Double
  let accuracyInterval: [Double]
  let loss: Double

  init(_ score: Score) {
    accuracy = score.accuracy
    accuracyInterval = score.accuracyInterval
    loss = score.loss
  }
}

/// A model's score on a data set file; `data` is null for all data.
package struct EntryJSON: Encodable {
  let model: String
  @OrNull var data: String?
  let samples: Int
  @OrNull var accuracy: Double?
  @OrNull var accuracyInterval: [Double]?
  let loss: Double

  init(_ entry: EvaluationReport.Entry) {
    model = entry.model
    data = entry.data
    samples = entry.samples
    accuracy = entry.score?.accuracy
    accuracyInterval = entry.score?.accuracyInterval
    loss = entry.loss
  }
}

/// The body of `evaluate`.
package struct EvaluationJSON: Encodable {
  let entries: [EntryJSON]
}

extension EvaluationReport {
  package var jsonView: ReportJSON<EvaluationJSON> {
    ReportJSON(header: header, body: EvaluationJSON(entries: entries.map(EntryJSON.init)))
  }
}
