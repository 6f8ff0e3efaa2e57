internal import Reporting

extension LinearityReport {
  /// The charts for which the report has data.
  var charts: [Document.Section] {
    [distanceChart, coefficientChart, localChart, accuracyChart].compactMap { $0 }
  }

  private var faults: Set<String> { Set(union.verdict.culprits.map(shown)) }

  private var names: [String] { union.layers.map { shown($0.name) } }

  /// The alphas strictly between the models: at the ends the features are a parent's own.
  private var inner: [Double] { alphas.filter { $0 != 0 && $0 != 1 } }

  private func closeness(_ layer: Layer, at alpha: Double) -> Closeness? {
    layer.alphas.first { $0.alpha == alpha }?.closeness
  }

  /// The paper's figure: 1 - cos of the merge against 1 - cos between the parents.
  private var distanceChart: Document.Section? {
    guard !union.layers.isEmpty, !inner.isEmpty else { return nil }
    var series = [
      LineChart.Series(
        name: "parents (a against b)", role: .reference,
        values: union.layers.map { $0.baseline.chartDistance },
        band: union.layers.map { $0.baseline.oneMinusCos?.quantileBand })
    ]
    for (place, alpha) in inner.enumerated() {
      // More than a few bands on top of each other hide what they are to show.
      let hasBand = inner.count <= 3 || alpha == union.verdict.alpha
      series.append(
        LineChart.Series(
          name: "merge at alpha \(plain(alpha))", role: .one(place, of: inner.count),
          values: union.layers.map { closeness($0, at: alpha)?.chartDistance },
          band: hasBand
            ? union.layers.map { closeness($0, at: alpha)?.oneMinusCos?.quantileBand } : []))
    }
    return Document.Section(
      title: "How far the merge is from the interpolation",
      note: "1-cos by layer: means, with bands from the 5th to the 95th percentile of the samples. "
        + "Cross-task linearity holds where the merge's lines are far below the parents'.",
      content: .lines(
        LineChart(
          summary:
            "1 - cos by layer, of the merged model against the interpolated features, beside "
            + "that of the two parents.",
          horizontal: .names(title: "layer", names), vertical: .logarithmic, verticalTitle: "1-cos",
          series: series, faults: faults)))
  }

  private var coefficientChart: Document.Section? {
    guard !union.layers.isEmpty, !inner.isEmpty else { return nil }
    let series = inner.enumerated().map { place, alpha in
      LineChart.Series(
        name: "alpha \(plain(alpha))", role: .one(place, of: inner.count),
        values: union.layers.map { closeness($0, at: alpha)?.coef?.mean },
        band: inner.count <= 3
          ? union.layers.map { closeness($0, at: alpha)?.coef?.quantileBand } : [])
    }
    return Document.Section(
      title: "Length of the merged features",
      note: "The coefficient by layer: 1 where the merged features are as long as the interpolated "
        + "ones; below 1 the merge has lost variance.",
      content: .lines(
        LineChart(
          summary: "The coefficient of the merged features by layer.",
          horizontal: .names(title: "layer", names), vertical: .linear, verticalTitle: "coef",
          series: series, levels: [.init(value: 1, label: "1")],
          faults: faults)))
  }

  /// The error that a layer adds itself against all that arrives and is added.
  private var localChart: Document.Section? {
    guard union.layers.contains(where: { !$0.local.isEmpty }) else { return nil }
    return Document.Section(
      title: "Which layer breaks",
      note:
        "The local error is of the layer fed with interpolated features: what it adds itself. The "
        + "total holds what earlier layers handed on. Each at its worst alpha.",
      content: .lines(
        LineChart(
          summary: "1 - cos by layer: the total, and the part that the layer adds itself.",
          horizontal: .names(title: "layer", names), vertical: .logarithmic, verticalTitle: "1-cos",
          series: [
            .init(
              name: "total (inherited and local)", role: .hue(0),
              values: union.layers.map { $0.worst?.closeness.chartDistance }),
            .init(
              name: "local", role: .hue(1),
              values: union.layers.map { $0.worstLocal?.closeness.chartDistance }),
          ], faults: faults)))
  }

  private var accuracyChart: Document.Section? {
    guard union.output.contains(where: { $0.accuracy != nil }), let ends = union.accuracy else {
      return nil
    }
    var points = union.output.filter { $0.alpha != 0 && $0.alpha != 1 }.map {
      (alpha: $0.alpha, merged: $0.accuracy, ensemble: $0.ensembleAccuracy)
    }
    points.append((0, ends.b, ends.b))
    points.append((1, ends.a, ends.a))
    points.sort { $0.alpha < $1.alpha }
    return Document.Section(
      title: "Accuracy from b to a",
      note: "The merged models against the ensemble of logits, which needs both models to run.",
      content: .lines(
        LineChart(
          summary: "Accuracy of the merged model and of the ensemble along alpha.",
          horizontal: .numbers(title: "alpha", points.map(\.alpha)), vertical: .shares,
          verticalTitle: "accuracy",
          series: [
            .init(name: "merged", role: .hue(0), values: points.map(\.merged)),
            .init(name: "ensemble", role: .reference, values: points.map(\.ensemble)),
          ])))
  }
}
