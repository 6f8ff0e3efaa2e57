internal import Checkpoints
internal import Reporting

extension LinearityReport {
  private typealias Column = (column: Table.Column, cell: (Layer) -> Table.Cell)

  /// The layers in the network's order; more columns than a terminal shows.
  var layerTable: Table {
    let culprits = Set(union.verdict.culprits)
    let worst = worstLayer?.name
    var legend: [String] = []
    if let worst { legend.append("! \(shown(worst)): the greatest 1-cos") }
    if union.layers.contains(where: { culprits.contains($0.name) }) {
      legend.append("* breaks by its own (local) error; the others inherit theirs")
    }
    return Table(
      of: union.layers, legend: legend,
      columns: identity(culprits: culprits, worst: worst) + perAlpha + measures + details)
  }

  /// The layer that is marked: where all is linear, none is.
  private var worstLayer: Layer? {
    guard union.layers.contains(where: { $0.grade != .linear }) else { return nil }
    return union.layers.max {
      ($0.worst?.closeness.distance ?? 0) < ($1.worst?.closeness.distance ?? 0)
    }
  }

  private func identity(culprits: Set<String>, worst: String?) -> [Column] {
    [
      (
        .init(title: "", alignment: .leading),
        { layer in
          let marks = (layer.name == worst ? "!" : "") + (culprits.contains(layer.name) ? "*" : "")
          return .init(marks, grade: marks.isEmpty ? nil : .broken)
        }
      ),
      (
        .init(title: "layer", alignment: .leading, leastWidth: 16),
        { .init(shown($0.name) + ($0.position == "logits" ? " (logits)" : "")) }
      ),
      (
        .init(title: "kind", alignment: .leading, rank: 4, leastWidth: 8),
        { .init(shown($0.kind)) }
      ),
      (.init(title: "shape", alignment: .leading, rank: 3), { .init(shapeText($0.shape)) }),
    ]
  }

  /// A column for each alpha, for wide terminals.
  private var perAlpha: [Column] {
    guard alphas.count > 1 else { return [] }
    return alphas.map { alpha in
      (
        .init(title: "at \(plain(alpha))", rank: 5),
        { layer in
          .init(layer.alphas.first { $0.alpha == alpha }?.closeness.distanceText ?? "-")
        }
      )
    }
  }

  private var measures: [Column] {
    [
      (
        .init(title: "1-cos", meaning: "mean over samples, at the worst alpha; beside it at each"),
        { .init($0.worst?.closeness.distanceText ?? "-", grade: $0.grade) }
      ),
      (
        .init(title: "1e-6…1", alignment: .leading, rank: 1),
        { .init("", grade: $0.grade, bar: decadeShare($0.worst?.closeness.distance)) }
      ),
      (
        .init(title: "parents", meaning: "1-cos between a and b, the baseline"),
        { .init($0.baseline.distanceText) }
      ),
      (
        .init(title: "coef", meaning: "length of the merged features along the interpolated ones"),
        { .init(fixed($0.worst?.closeness.coef?.mean, 3)) }
      ),
      (
        .init(title: "local", meaning: "1-cos of the layer fed with interpolated features"),
        {
          let local = $0.worstLocal
          return .init(local?.closeness.distanceText ?? "", grade: local?.grade)
        }
      ),
      (
        .init(title: "grade", alignment: .leading), { .init($0.grade.rawValue, grade: $0.grade) }
      ),
    ]
  }

  /// Columns for which only the page has room; those without a figure in any row are left out there too.
  private var details: [Column] {
    func detail(
      _ title: String, _ meaning: String, _ text: @escaping (Layer) -> String
    ) -> Column {
      (.init(title: title, isOnPageOnly: true, meaning: meaning), { .init(text($0)) })
    }
    return [
      detail("alpha", "the worst alpha") { $0.worst.map { plain($0.alpha) } ?? "" },
      detail("95 %", "interval of the mean 1-cos") {
        $0.worst?.closeness.intervalText(\.oneMinusCos) ?? ""
      },
      detail("p95", "1-cos that 95 % of the samples stay below") {
        $0.worst?.closeness.oneMinusCos.map { figure($0.p95) } ?? ""
      },
      detail("ratio", "1-cos by the parents' 1-cos") { $0.ratio.map(figure) ?? "" },
      detail("relative error", "|f_alpha - f_int| / |f_int|") {
        $0.worst?.closeness.relativeError.map { figure($0.mean) } ?? ""
      },
      detail("to a", "1-cos of the merged model and a") { $0.worst?.toA.distanceText ?? "" },
      detail("to b", "1-cos of the merged model and b") { $0.worst?.toB.distanceText ?? "" },
      detail("commutativity", "local relative error before the activation") {
        $0.worstLocal?.commutativity.map(figure) ?? ""
      },
      detail("activation", "local relative error of the activation") {
        $0.worstLocal?.activation.map(figure) ?? ""
      },
      detail("second order", "predicted deviation, from the curvature along a - b") { layer in
        layer.secondOrder?.first { $0.alpha == layer.worst?.alpha }.map { figure($0.predicted) }
          ?? ""
      },
      detail("|a-b|", "relative distance of the weights") {
        $0.weights.map { figure($0.relativeDistance) } ?? ""
      },
      detail("task cosine", "cosine of the task vectors") {
        $0.weights?.taskVectorCosine.map { fixed($0, 3) } ?? ""
      },
      detail("fitted alpha", "by least squares") { $0.fit.map { fixed($0.alpha, 3) } ?? "" },
      detail("residual", "what the fit leaves") { $0.fit.map { figure($0.residual) } ?? "" },
      detail("left out", "samples without a figure") { $0.worst?.closeness.exclusions ?? "" },
    ]
  }
}
