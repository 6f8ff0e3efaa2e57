import Checkpoints
import Reporting

/// The tables of `stats`.
struct StatsTables {
  private let report: StatsReport
  private let names: [String]

  init(_ report: StatsReport) {
    self.report = report
    names = report.models.map(fileName)
  }

  private var hasBase: Bool { report.base != nil }
  private var symbol: String { hasBase ? "|τ|" : "|x|" }

  /// Each vector as a whole.
  var models: Table {
    let whole = report.whole
    var columns: [(column: Table.Column, cell: (Int) -> Table.Cell)] = [
      (.init(title: "", alignment: .leading), { .init("\($0 + 1)") }),
      (.init(title: "model", alignment: .leading, leastWidth: 16), { .init(names[$0]) }),
      (.init(title: symbol, meaning: "the length"), { .init(figure(whole.norms[$0])) }),
    ]
    if hasBase {
      columns += [
        (
          .init(title: "|τ|/|base|", meaning: "the length in relation to the base's"),
          { .init(figure(whole.relativeNorms[$0])) }
        ),
        (
          .init(title: "changed", meaning: "the share of elements that differ from the base"),
          { .init(percent(whole.changed[$0])) }
        ),
        (
          .init(title: "cos base", meaning: "the cosine of the model's weights with the base's"),
          { .init(fixed(report.origin.cosines[0][$0 + 1], 4)) }
        ),
      ]
    }
    return Table(of: Array(names.indices), columns: columns)
  }

  /// Each pair of vectors as a whole.
  var pairs: Table {
    let whole = report.whole
    let pairs = names.indices.flatMap { j in (0..<j).map { ($0, j) } }
    return Table(
      of: pairs,
      columns: [
        (.init(title: "a", alignment: .leading, leastWidth: 12), { .init(names[$0.0]) }),
        (.init(title: "b", alignment: .leading, leastWidth: 12), { .init(names[$0.1]) }),
        (.init(title: "cosine"), { .init(fixed(whole.cosines[$0.0][$0.1], 4)) }),
        (.init(title: "angle"), { .init(fixed(whole.angles[$0.0][$0.1], 2) + "°") }),
        (
          .init(title: "|a-b|", meaning: "the distance between the models"),
          { .init(figure(whole.distances[$0.0][$0.1])) }
        ),
        (
          .init(title: "product", rank: 1, meaning: "the inner product"),
          { .init(figure(whole.products[$0.0][$0.1])) }
        ),
      ])
  }

  /// The conflicts of signs by density.
  var conflicts: Table {
    let count = Double(max(1, report.whole.parameters))
    return Table(
      of: report.whole.signConflicts,
      columns: [
        (.init(title: "density"), { .init(plain($0.density)) }),
        (
          .init(title: "kept", meaning: "the share of elements that some task vector keeps"),
          { .init(percent(Double($0.kept) / count)) }
        ),
        (
          .init(title: "shared", meaning: "the share that two or more keep"),
          { .init(percent(Double($0.shared) / count)) }
        ),
        (
          .init(title: "conflicts", meaning: "the share of the kept with both signs"),
          { .init(percent($0.share)) }
        ),
        (
          .init(title: "of shared", meaning: "the share of the shared with both signs"),
          { .init($0.shared > 0 ? percent(Double($0.conflicts) / Double($0.shared)) : "-") }
        ),
        (
          .init(title: "0…100 %", alignment: .leading, rank: 1),
          { .init("", bar: $0.share) }
        ),
      ])
  }

  /// The figures of layers or tensors.
  func figures(of parts: [(name: String, figures: StatsReport.Figures)], _ title: String) -> Table {
    typealias Part = (name: String, figures: StatsReport.Figures)
    var columns: [(column: Table.Column, cell: (Part) -> Table.Cell)] = [
      (
        .init(title: title, alignment: .leading, leastWidth: 16),
        { .init(shown($0.name)) }
      ),
      (.init(title: "parameters", rank: 3), { .init(grouped($0.figures.parameters)) }),
    ]
    for model in names.indices.prefix(8) {
      columns.append(
        (
          .init(
            title: hasBase ? "|τ\(model + 1)|/|b|" : "|x\(model + 1)|", rank: model == 0 ? 0 : 2,
            meaning: hasBase ? "relative length of \(names[model])" : "length of \(names[model])"),
          {
            .init(
              figure(hasBase ? $0.figures.relativeNorms[model] : $0.figures.norms[model]))
          }
        ))
    }
    if names.count > 1 {
      columns.append(
        (
          .init(title: "cosine", meaning: "the mean of the pairs"),
          { .init(fixed($0.figures.meanCosine, 4)) }
        ))
    }
    if hasBase, names.count > 1 {
      for (place, conflicts) in report.whole.signConflicts.enumerated() {
        columns.append(
          (
            .init(
              title: "conf \(plain(conflicts.density))", rank: place == 0 ? 0 : 1,
              meaning: "conflicts of signs at that density"),
            { .init(percent($0.figures.signConflicts[place].share)) }
          ))
      }
      columns.append(
        (
          .init(title: "t", meaning: "the weight of the mean in model stock"),
          { .init(fixed($0.figures.modelStockT, 3)) }
        ))
    }
    return Table(of: parts, columns: columns)
  }
}
