internal import Checkpoints
internal import Reporting

extension Document.Section {
  /// The table of the layers of two constructions that are compared.
  static func layers(_ layers: [LayerCloseness], title: String, culprits: [String]) -> Self {
    let culprits = Set(culprits)
    let isMarked = layers.contains { culprits.contains($0.name) }
    let table = Table(
      of: layers, legend: isMarked ? ["* the layers at fault"] : [],
      columns: [
        (
          .init(title: "", alignment: .leading),
          { .init(culprits.contains($0.name) ? "*" : "", grade: .broken) }
        ),
        (.init(title: "layer", alignment: .leading, leastWidth: 16), { .init(shown($0.name)) }),
        (
          .init(title: "kind", alignment: .leading, rank: 3, leastWidth: 8),
          { .init(shown($0.kind)) }
        ),
        (.init(title: "shape", alignment: .leading, rank: 2), { .init(shapeText($0.shape)) }),
        (
          .init(title: "1-cos", meaning: "mean over samples"),
          { .init($0.closeness.distanceText, grade: $0.grade) }
        ),
        (
          .init(title: "1e-6…1", alignment: .leading, rank: 1),
          { .init("", grade: $0.grade, bar: decadeShare($0.closeness.distance)) }
        ),
        (.init(title: "coef"), { .init(fixed($0.closeness.coef?.mean, 3)) }),
        (
          .init(title: "rel. error", meaning: "relative error"),
          { .init(figure($0.closeness.relativeError?.mean)) }
        ),
        (
          .init(title: "grade", alignment: .leading),
          { .init($0.grade.rawValue, grade: $0.grade) }
        ),
        (
          .init(title: "95 %", isOnPageOnly: true, meaning: "interval of the mean 1-cos"),
          { .init($0.closeness.intervalText(\.oneMinusCos)) }
        ),
        (
          .init(title: "left out", isOnPageOnly: true, meaning: "samples without a figure"),
          { .init($0.closeness.exclusions) }
        ),
      ])
    return .init(title: title, content: .table(table))
  }

  /// 1 - cos by layer, a line for each name; bands where there are few lines.
  static func distances(
    _ lines: [(name: String, layers: [LayerCloseness])], title: String, note: String
  ) -> Self? {
    guard let first = lines.first, !first.layers.isEmpty else { return nil }
    let series = lines.enumerated().map { place, line in
      LineChart.Series(
        name: line.name, role: .one(place, of: lines.count),
        values: line.layers.map { $0.closeness.chartDistance },
        band: lines.count <= 3 ? line.layers.map { $0.closeness.oneMinusCos?.quantileBand } : [])
    }
    return .init(
      title: title, note: note,
      content: .lines(
        LineChart(
          summary: "1 - cos by layer.",
          horizontal: .names(title: "layer", first.layers.map { shown($0.name) }),
          vertical: .logarithmic, verticalTitle: "1-cos", series: series)))
  }
}

extension [LayerCloseness] {
  /// The model's output as verdicts judge it: the logits, not a softmax layer that follows them.
  var output: LayerCloseness? { last { $0.position == "logits" } ?? last }
}

extension LineChart.Series.Role {
  /// A hue among a few, a shade among many.
  static func one(_ place: Int, of count: Int) -> Self {
    count <= 4 ? .hue(place) : .shade(Double(place) / Double(max(1, count - 1)))
  }
}

extension Summary {
  /// From the 5th to the 95th percentile; nil where they aren't numbers.
  var quantileBand: ClosedRange<Double>? { p5 <= p95 ? p5...p95 : nil }
}
