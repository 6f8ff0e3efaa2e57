internal import Checkpoints

extension EvaluationReport: DocumentedReport {
  var document: Document {
    Document(
      headline: headline, grade: nil, header: header,
      sections: [
        .init(
          title: "Accuracy and loss", content: .table(table))
      ])
  }

  /// The entries that stand for all data: of the union, or of the only file.
  private var whole: [Entry] {
    let unions = entries.filter { $0.data == nil }
    return unions.isEmpty ? entries : unions
  }

  private var headline: String {
    guard let best = whole.max(by: { $0.score.accuracy < $1.score.accuracy }) else {
      return "There is nothing to evaluate."
    }
    let score =
      "\(percent(best.score.accuracy)) of \(counted(best.samples, "sample")) right, loss "
      + figure(best.score.loss)
    guard whole.count > 1 else { return "\(shown(best.model)): \(score)." }
    let others = whole.filter { $0 != best }
    let isTied = others.contains { $0.score.accuracy == best.score.accuracy }
    let next = others.map(\.score.accuracy).max()
    return isTied
      ? "\(shown(best.model)) is among the best: \(score)."
      : "\(shown(best.model)) is the best: \(score); the next has \(percent(next))."
  }

  private var table: Table {
    Table(
      of: entries,
      columns: [
        (.init(title: "model", alignment: .leading, leastWidth: 16), { .init(shown($0.model)) }),
        (
          .init(title: "data", alignment: .leading, leastWidth: 12),
          { .init($0.data.map(shown) ?? "all") }
        ),
        (.init(title: "samples"), { .init(grouped($0.samples)) }),
        (.init(title: "accuracy"), { .init(percent($0.score.accuracy)) }),
        (
          .init(title: "95 %", rank: 1, meaning: "Wilson's interval of the accuracy"),
          { .init(percentInterval($0.score.accuracyInterval)) }
        ),
        (.init(title: "loss"), { .init(figure($0.score.loss)) }),
      ])
  }
}
