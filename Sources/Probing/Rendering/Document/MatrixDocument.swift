internal import Checkpoints
internal import Reporting

extension MatrixReport: DocumentedReport {
  var document: Document {
    var sections: [Document.Section] = [
      .init(
        title: "Who can be merged with whom",
        note: "1-cos at the output of the half-way model of each pair; the lower, the better.",
        content: .heat(heatMap))
    ]
    if let layerChart { sections.append(layerChart) }
    sections.append(.init(title: "Groups that can be merged", content: .table(groupTable)))
    sections.append(.init(title: "Pairs", content: .table(pairTable)))
    if !transitivity.isEmpty {
      sections.append(
        .init(
          title: "Transitivity",
          note:
            "By how much i and k are farther apart than the farther of the two steps over j; the "
            + "worst triples.",
          content: .table(transitivityTable)))
    }
    let meaning = Predicates(
      linear: "each of these models can be merged with each other",
      weak: "some pairs of these models merge only in part",
      broken: "not all pairs of these models can be merged")
    return Document(
      header, verdict: verdict, meaning: meaning,
      convention: "each pair half-way", facts: facts, sections: sections)
  }

  private var facts: [Document.Fact] {
    let linear = pairs.filter { $0.grade == .linear }.count
    let violations = transitivity.filter(\.isViolated).count
    return [
      .init(
        label: "linear pairs", value: "\(linear) of \(pairs.count)", grade: verdict.model),
      .init(
        label: "largest group", value: "\(groups.map(\.count).max() ?? 0) of \(names.count)"),
      .init(
        label: "transitivity violated", value: "\(violations) of \(transitivity.count)",
        note: "triples"),
    ]
  }

  private var heatMap: HeatMap {
    let cells = pairs.flatMap { pair -> [HeatMap.Cell] in
      guard let i = names.firstIndex(of: pair.a), let j = names.firstIndex(of: pair.b) else {
        return []
      }
      let note =
        "\(shown(pair.a)) and \(shown(pair.b)): 1-cos \(figure(pair.oneMinusCos)), "
        + "coef \(fixed(pair.coef, 3)), \(pair.grade.rawValue)"
      return [(i, j), (j, i)].map { row, column in
        .init(row: row, column: column, value: pair.oneMinusCos, grade: pair.grade, note: note)
      }
    }
    return HeatMap(
      summary: "1 - cos at the output for each pair of models.", names: names.map(fileName),
      cells: cells)
  }

  /// The pairs by layer; of many pairs those that end farthest apart.
  private var layerChart: Document.Section? {
    guard !layers.isEmpty, !pairs.isEmpty else { return nil }
    let shownPairs = pairs.indices.sorted { pairs[$0].oneMinusCos > pairs[$1].oneMinusCos }.prefix(
      8)
    let series = shownPairs.enumerated().map { place, pair in
      LineChart.Series(
        name: "\(fileName(pairs[pair].a)), \(fileName(pairs[pair].b))",
        role: .one(place, of: shownPairs.count),
        values: layers.map {
          $0.oneMinusCos.indices.contains(pair) ? $0.oneMinusCos[pair] : nil
        })
    }
    return .init(
      title: "Where pairs part",
      note: shownPairs.count < pairs.count ? "The pairs that are farthest apart." : "",
      content: .lines(
        LineChart(
          summary: "1 - cos by layer for each pair.",
          horizontal: .names(title: "layer", layers.map { shown($0.name) }),
          vertical: .logarithmic, verticalTitle: "1-cos", series: series)))
  }

  private var groupTable: Table {
    Table(
      of: Array(groups.enumerated()),
      columns: [
        (.init(title: "group", alignment: .leading), { .init("\($0.offset + 1)") }),
        (.init(title: "models"), { .init("\($0.element.count)") }),
        (
          .init(title: "members", alignment: .leading, leastWidth: 20),
          { .init($0.element.map(shown).joined(separator: ", ")) }
        ),
      ])
  }

  private var pairTable: Table {
    Table(
      of: pairs,
      columns: [
        (.init(title: "a", alignment: .leading, leastWidth: 14), { .init(shown($0.a)) }),
        (.init(title: "b", alignment: .leading, leastWidth: 14), { .init(shown($0.b)) }),
        (.init(title: "1-cos"), { .init(figure($0.oneMinusCos), grade: $0.grade) }),
        (
          .init(title: "1e-6…1", alignment: .leading, rank: 1),
          { .init("", grade: $0.grade, bar: decadeShare($0.oneMinusCos)) }
        ),
        (.init(title: "coef"), { .init(fixed($0.coef, 3)) }),
        (.init(title: "agreement"), { .init(percent($0.agreement)) }),
        (.init(title: "merged"), { .init(percent($0.accuracy)) }),
        (.init(title: "ensemble"), { .init(percent($0.ensembleAccuracy)) }),
        (
          .init(title: "grade", alignment: .leading), { .init($0.grade.rawValue, grade: $0.grade) }
        ),
      ])
  }

  private var transitivityTable: Table {
    Table(
      of: Array(transitivity.prefix(10)),
      columns: [
        (.init(title: "i", alignment: .leading, leastWidth: 14), { .init(shown($0.i)) }),
        (.init(title: "j", alignment: .leading, leastWidth: 14), { .init(shown($0.j)) }),
        (.init(title: "k", alignment: .leading, leastWidth: 14), { .init(shown($0.k)) }),
        (.init(title: "excess"), { .init(figure($0.excess)) }),
        (
          .init(title: "violated", alignment: .leading),
          { .init($0.isViolated ? "yes" : "no", grade: $0.isViolated ? .broken : nil) }
        ),
      ])
  }
}
