internal import Checkpoints
internal import Reporting

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
    guard let best = whole.min(by: { Self.isBetter($0, $1) }) else {
      return "There is nothing to evaluate."
    }
    let samples = counted(best.samples, "sample")
    let score =
      best.score.map { "\(percent($0.accuracy)) of \(samples) right, loss \(figure(best.loss))" }
      ?? "mean squared error \(figure(best.loss)) on \(samples)"
    guard whole.count > 1 else { return "\(shown(best.model)): \(score)." }
    let others = whole.filter { $0 != best }
    if others.contains(where: { !Self.isBetter(best, $0) }) {
      return "\(shown(best.model)) is among the best: \(score)."
    }
    let next = others.min(by: { Self.isBetter($0, $1) })
    let figures = next.map { $0.score.map { percent($0.accuracy) } ?? figure($0.loss) } ?? ""
    return "\(shown(best.model)) is the best: \(score); the next has \(figures)."
  }

  /// Classifiers by their accuracy, regressions by their loss.
  private static func isBetter(_ a: Entry, _ b: Entry) -> Bool {
    guard let first = a.score, let second = b.score else { return a.loss < b.loss }
    return first.accuracy > second.accuracy
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
        (.init(title: "accuracy"), { .init(percent($0.score?.accuracy)) }),
        (
          .init(title: "95 %", rank: 1, meaning: "Wilson's interval of the accuracy"),
          { .init(percentInterval($0.score?.accuracyInterval ?? [])) }
        ),
        (.init(title: "loss"), { .init(figure($0.loss)) }),
      ])
  }
}
