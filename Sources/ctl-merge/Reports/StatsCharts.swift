import Checkpoints
import Reporting

/// The charts of `stats`: figures by layer.
struct StatsCharts {
  private let report: StatsReport
  private let names: [String]
  /// More lines than this hide one another.
  private static let mostLines = 6

  init(_ report: StatsReport) {
    self.report = report
    names = report.models.map(fileName)
  }

  private var layers: LineChart.Horizontal {
    .names(title: "layer", report.layers.map { shown($0.name) })
  }

  /// How far each model moved, in relation to the base; nil without a base.
  var norms: Document.Section? {
    guard report.base != nil, report.layers.count > 1 else { return nil }
    let series = names.prefix(Self.mostLines).enumerated().map { model, name in
      LineChart.Series(
        name: name, role: role(model, of: min(names.count, Self.mostLines)),
        values: report.layers.map { $0.figures.relativeNorms[model] })
    }
    return .init(
      title: "How far the models moved", note: "|τ| / |base| by layer.",
      content: .lines(
        LineChart(
          summary: "The relative length of each task vector by layer.", horizontal: layers,
          vertical: .logarithmic, verticalTitle: "|τ|/|base|", series: series)))
  }

  /// The cosines of the pairs; of many pairs those that are most alike as a whole.
  var cosines: Document.Section? {
    guard names.count > 1, report.layers.count > 1 else { return nil }
    let whole = report.whole.cosines
    let pairs: [(Int, Int)] = names.indices.flatMap { j in (0..<j).map { ($0, j) } }
    // Sorting keeps no order among equals, so places decide there.
    let order = pairs.indices.sorted { a, b in
      let (left, right) = (whole[pairs[a].0][pairs[a].1] ?? -2, whole[pairs[b].0][pairs[b].1] ?? -2)
      return left == right ? a < b : left > right
    }
    let shownPairs = order.prefix(Self.mostLines).map { pairs[$0] }
    let series = shownPairs.enumerated().map { place, pair in
      LineChart.Series(
        name: "\(names[pair.0]), \(names[pair.1])", role: role(place, of: shownPairs.count),
        values: report.layers.map { $0.figures.cosines[pair.0][pair.1] })
    }
    return .init(
      title: "Cosines by layer",
      note: shownPairs.count < pairs.count ? "The pairs that are most alike." : "",
      content: .lines(
        LineChart(
          summary: "The cosine of each pair by layer.", horizontal: layers, vertical: .linear,
          verticalTitle: "cosine", series: series)))
  }

  private func role(_ place: Int, of count: Int) -> LineChart.Series.Role {
    count <= 4 ? .hue(place) : .shade(Double(place) / Double(max(1, count - 1)))
  }
}
