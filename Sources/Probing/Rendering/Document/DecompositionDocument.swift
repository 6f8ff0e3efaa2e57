internal import Checkpoints
internal import Reporting

extension DecompositionReport: DocumentedReport {
  var document: Document {
    let subject = header.verb == "negation" ? "negating this task" : "adding these tasks"
    var sections: [Document.Section] = []
    let lines = scales.map { (name: "scale \(plain($0.scale))", layers: $0.layers) }
    if let chart = Document.Section.distances(
      lines, title: "How far the edited model is from the construction", note: shown(formula))
    {
      sections.append(chart)
    }
    if let sweep { sections.append(sweep) }
    if let first = scales.first {
      sections.append(
        .layers(
          first.layers, title: "Layers at scale \(plain(first.scale))", culprits: verdict.culprits))
    }
    sections.append(.init(title: "Scales", content: .table(scaleTable)))
    return Document(
      header, verdict: verdict, meaning: Predicates(subject: subject), convention: shown(formula),
      facts: facts, sections: sections)
  }

  private var facts: [Document.Fact] {
    guard let first = scales.first else { return [] }
    let note = "at scale \(plain(first.scale))"
    var facts: [Document.Fact] = []
    if let logits = first.layers.output {
      let layerNote = "\(shown(logits.name)), \(note)"
      facts.append(
        .init(
          label: "1-cos at the output", value: logits.closeness.distanceText, note: layerNote,
          grade: logits.grade))
      facts.append(
        .init(
          label: "coef at the output", value: fixed(logits.closeness.coef?.mean, 3), note: layerNote
        ))
    }
    if let agreement = first.agreement {
      facts.append(.init(label: "same class", value: percent(agreement), note: note))
    }
    if let error = first.disentanglementError {
      facts.append(.init(label: "disentanglement error", value: percent(error), note: note))
    }
    return facts
  }

  /// Accuracies over the scales, a pair of lines for each data set.
  private var sweep: Document.Section? {
    guard scales.count > 1, let first = scales.first, !first.scores.isEmpty else { return nil }
    var series: [LineChart.Series] = []
    for (place, entry) in first.scores.enumerated() {
      let name = entry.data.map(fileName) ?? "all data"
      let role = LineChart.Series.Role.one(place, of: first.scores.count)
      series.append(
        .init(
          name: "edited, \(name)", role: role,
          values: scales.map { $0.scores.first { $0.data == entry.data }?.score?.accuracy }))
      series.append(
        .init(
          name: "construction, \(name)", role: role,
          values: scales.map {
            $0.constructedScores.first { $0.data == entry.data }?.score?.accuracy
          }, isDashed: true))
    }
    return .init(
      title: "Accuracy over the scale",
      note: "The edited model, and the construction from the features of the others.",
      content: .lines(
        LineChart(
          summary: "Accuracy of the edited model and of the construction by scale.",
          horizontal: .numbers(title: "scale", scales.map(\.scale)), vertical: .shares,
          verticalTitle: "accuracy", series: series)))
  }

  private var scaleTable: Table {
    typealias Row = (at: AtScale, entry: EvaluationReport.Entry?)
    // Without labels a scale has no scores, but still a row.
    let rows: [Row] = scales.flatMap { at in
      at.scores.isEmpty ? [(at, nil)] : at.scores.map { (at, $0) }
    }
    return Table(
      of: rows,
      columns: [
        (.init(title: "scale", alignment: .leading), { .init(plain($0.at.scale)) }),
        (
          .init(title: "data", alignment: .leading, leastWidth: 12),
          { row in .init(row.entry.map { $0.data.map(shown) ?? "all" } ?? "") }
        ),
        (.init(title: "edited"), { .init($0.entry.map { percent($0.score?.accuracy) } ?? "") }),
        (
          .init(title: "construction"),
          { row in
            let other = row.at.constructedScores.first { $0.data == row.entry?.data }
            return .init(other.map { percent($0.score?.accuracy) } ?? "")
          }
        ),
        (.init(title: "same class"), { .init(percent($0.at.agreement)) }),
        (
          .init(title: "xi", meaning: "disentanglement error"),
          { .init($0.at.disentanglementError.map(percent) ?? "") }
        ),
        (
          .init(title: "1-cos", meaning: "at the output"),
          {
            let logits = $0.at.layers.output
            return .init(logits?.closeness.distanceText ?? "-", grade: logits?.grade)
          }
        ),
        (.init(title: "coef"), { .init(fixed($0.at.layers.output?.closeness.coef?.mean, 3)) }),
      ])
  }
}
