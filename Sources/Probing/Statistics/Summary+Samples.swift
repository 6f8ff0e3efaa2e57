extension Summary {
  /// The exact distribution of finite samples; nil without samples.
  ///
  /// Quantiles interpolate between order statistics as NumPy's default does: with n samples, the one
  /// at place `q (n - 1)`.
  package init?(samples: [Double]) {
    guard !samples.isEmpty else { return nil }
    let sorted = samples.sorted()
    let count = Double(samples.count)
    var sum = CompensatedSum()
    for sample in samples { sum.add(sample) }
    // Rounding may put the mean of equal samples beside them.
    let mean = Swift.min(Swift.max(sum.value / count, sorted[0]), sorted[sorted.count - 1])
    var squares = CompensatedSum()
    for sample in samples { squares.add((sample - mean) * (sample - mean)) }
    let std = samples.count == 1 ? 0 : (squares.value / (count - 1)).squareRoot()
    self.init(
      mean: mean, std: std, stderr: std / count.squareRoot(), min: sorted[0],
      p5: Self.quantile(0.05, of: sorted), p25: Self.quantile(0.25, of: sorted),
      p50: Self.quantile(0.5, of: sorted), p75: Self.quantile(0.75, of: sorted),
      p95: Self.quantile(0.95, of: sorted), max: sorted[sorted.count - 1])
  }

  /// A quantile of ascending samples, of which there is at least one.
  static func quantile(_ q: Double, of sorted: [Double]) -> Double {
    let place = q * Double(sorted.count - 1)
    let below = Int(place)
    guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
    return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
  }
}
