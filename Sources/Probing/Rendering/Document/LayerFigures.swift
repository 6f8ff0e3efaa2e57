internal import Checkpoints
internal import Reporting

/// The figures that tables and charts draw from the layers of a linearity report.
extension LinearityReport.Layer {
  /// The alpha at which the merged features are farthest from the interpolated ones; a figure that
  /// couldn't be measured is the worst of all.
  var worst: LinearityReport.AtAlpha? {
    alphas.max { $0.closeness.distance < $1.closeness.distance }
  }

  /// The alpha at which the layer's own error is greatest.
  var worstLocal: LinearityReport.Local? {
    local.max { $0.closeness.distance < $1.closeness.distance }
  }

  /// 1 - cos of the merged features by the parents' own: how much of their difference the merge keeps.
  var ratio: Double? {
    guard let error = worst?.closeness.oneMinusCos?.mean, let base = baseline.oneMinusCos?.mean,
      base > 0
    else { return nil }
    return error / base
  }
}

extension Closeness {
  /// The mean 1 - cos for comparisons: infinite where features aren't finite, 0 where nothing could be
  /// compared.
  var distance: Double {
    if let oneMinusCos { return oneMinusCos.mean.isNaN ? .infinity : oneMinusCos.mean }
    return nonFinite > 0 ? .infinity : 0
  }

  /// The mean 1 - cos for charts: infinite where features aren't finite, nil where there is none.
  var chartDistance: Double? {
    oneMinusCos == nil && nonFinite == 0 ? nil : distance
  }

  /// The mean 1 - cos for tables; where there is none, why.
  var distanceText: String {
    if let oneMinusCos { return figure(oneMinusCos.mean) }
    if nonFinite > 0 { return "nan" }
    return zeroNorm > 0 ? "zero" : "-"
  }

  /// The samples that had to be left out, in words; empty where there are none.
  var exclusions: String {
    var parts: [String] = []
    if zeroNorm > 0 { parts.append("\(grouped(zeroNorm)) zero") }
    if oneZero > 0 { parts.append("\(grouped(oneZero)) of one side only") }
    if nonFinite > 0 { parts.append("\(grouped(nonFinite)) not finite") }
    return parts.joined(separator: ", ")
  }

  /// The 95 % interval of the mean of a measure, for tables.
  func intervalText(_ measure: KeyPath<Closeness, Summary?>) -> String {
    guard let summary = self[keyPath: measure], samples > 1 else { return "" }
    let interval = summary.meanInterval(samples: samples)
    return "\(figure(interval.low)) … \(figure(interval.high))"
  }
}
