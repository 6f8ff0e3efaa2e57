internal import Checkpoints
internal import Reporting

extension SoupReport: DocumentedReport {
  var document: Document {
    var sections: [Document.Section] = []
    if let chart = Document.Section.distances(
      [("soup against the averaged features", union.layers)],
      title: "How far the soup is from the averaged features",
      note: "1-cos by layer: means, with a band from the 5th to the 95th percentile of the samples."
    ) {
      sections.append(chart)
    }
    sections.append(
      .layers(union.layers, title: "Layers", culprits: union.verdict.culprits))
    sections.append(
      .init(
        title: "Members",
        note:
          "The last columns are of the soup without the member: where the soup is then closer to "
          + "its ensemble, the member spoils it.",
        content: .table(memberTable)))
    return Document(
      header, verdict: union.verdict, meaning: Predicates(subject: "this soup"), facts: facts,
      sections: sections, answersByFile: perData.map { ($0.file ?? "", $0.verdict) })
  }

  private var facts: [Document.Fact] {
    var facts: [Document.Fact] = []
    if let soup = union.soup {
      facts.append(
        .init(
          label: "accuracy of the soup", value: percent(soup.accuracy),
          note: percentInterval(soup.accuracyInterval), grade: union.verdict.model))
    }
    if let ensemble = union.ensemble {
      facts.append(
        .init(
          label: "accuracy of the ensemble", value: percent(ensemble.accuracy),
          note: percentInterval(ensemble.accuracyInterval)))
    }
    if let agreement = union.agreement {
      facts.append(.init(label: "same class", value: percent(agreement)))
    }
    if let test = union.test {
      facts.append(
        .init(
          label: "equally good, p", value: figure(test.pValue),
          note: "\(grouped(test.onlySoup)) samples only the soup gets right, "
            + "\(grouped(test.onlyEnsemble)) only the ensemble"))
    }
    return facts
  }

  /// The soup and the ensemble, then the members.
  private var memberTable: Table {
    typealias Row = (name: String, weight: String, score: Score?, member: Member?)
    let wholes: [Row] = [
      ("the soup", "", union.soup, nil), ("the ensemble", "", union.ensemble, nil),
    ]
    let members: [Row] = union.members.map {
      (shown($0.model), figure($0.weight), $0.score, $0)
    }
    return Table(
      of: wholes.filter { $0.score != nil } + members,
      columns: [
        (.init(title: "model", alignment: .leading, leastWidth: 16), { .init($0.name) }),
        (.init(title: "weight"), { .init($0.weight) }),
        (.init(title: "accuracy"), { .init(percent($0.score?.accuracy)) }),
        (.init(title: "loss"), { .init(figure($0.score?.loss)) }),
        (
          .init(title: "1-cos without"),
          { .init($0.member?.oneMinusCosWithout.map(figure) ?? "") }
        ),
        (
          .init(title: "accuracy without"),
          { .init($0.member?.accuracyWithout.map(percent) ?? "") }
        ),
      ])
  }
}
