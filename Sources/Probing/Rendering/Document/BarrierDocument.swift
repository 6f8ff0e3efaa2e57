internal import Reporting

extension BarrierReport: DocumentedReport {
  var document: Document {
    let meaning = Predicates(
      linear: "no barrier stands between the models",
      weak: "a low barrier stands between the models",
      broken: "a barrier stands between the models")
    var sections = [errorChart, lossChart]
    sections.append(.init(title: "From b to a", content: .table(Self.table(union.points))))
    for part in perData {
      sections.append(
        .init(title: shown(part.file ?? "all"), content: .table(Self.table(part.points))))
    }
    return Document(
      header, verdict: verdict, meaning: meaning, convention: "alpha multiplies a", facts: facts,
      sections: sections)
  }

  private var facts: [Document.Fact] {
    let lemma = union.lemma
    return [
      .init(
        label: "barrier of the error", value: percent(union.barrier.error),
        note: "at alpha \(plain(union.barrier.alpha))", grade: verdict.model),
      .init(label: "barrier of the loss", value: figure(union.barrier.loss)),
      .init(
        label: "greatest error on the line", value: percent(lemma.worstError),
        note: "\(lemma.holds ? "within" : "beyond") twice the worse end's \(percent(lemma.epsilon))"
      ),
      .init(
        label: "greatest error of the ensemble", value: percent(lemma.worstEnsembleError),
        note: "never beyond twice the worse end's"),
    ]
  }

  private var errorChart: Document.Section {
    .init(
      title: "Error along the line",
      note: "Errors above the straight line between the ends are the barrier. Where the output is "
        + "linear, the error stays below twice that of the worse end.",
      content: .lines(
        LineChart(
          summary: "Classification error of the merged models and of the ensemble along alpha.",
          horizontal: .numbers(title: "alpha", union.points.map(\.alpha)), vertical: .shares,
          verticalTitle: "error",
          series: [
            .init(name: "merged", role: .hue(0), values: union.points.map(\.error)),
            .init(
              name: "ensemble", role: .reference,
              values: union.points.map { 1 - $0.ensembleAccuracy }),
          ],
          levels: [.init(value: 2 * union.lemma.epsilon, label: "twice the worse end")])))
  }

  private var lossChart: Document.Section {
    .init(
      title: "Loss along the line",
      content: .lines(
        LineChart(
          summary: "Loss of the merged models along alpha.",
          horizontal: .numbers(title: "alpha", union.points.map(\.alpha)), vertical: .linear,
          verticalTitle: "loss",
          series: [.init(name: "merged", role: .hue(0), values: union.points.map(\.loss))])))
  }

  private static func table(_ points: [Point]) -> Table {
    Table(
      of: points,
      columns: [
        (.init(title: "alpha", alignment: .leading), { .init(plain($0.alpha)) }),
        (.init(title: "accuracy"), { .init(percent($0.accuracy)) }),
        (.init(title: "error"), { .init(percent($0.error)) }),
        (.init(title: "loss"), { .init(figure($0.loss)) }),
        (.init(title: "ensemble"), { .init(percent($0.ensembleAccuracy)) }),
      ])
  }
}
