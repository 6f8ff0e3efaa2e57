extension Summary {
  /// As many samples are sorted in memory at most.
  package static let mostSorted = 1 << 16

  private static let quantiles = [0.05, 0.25, 0.5, 0.75, 0.95]

  /// The exact distribution of finite samples; nil without samples.
  ///
  /// Quantiles interpolate between order statistics as NumPy's default does: with n samples, the one
  /// at place `q (n - 1)`.
  package init?(samples: [Double]) {
    guard !samples.isEmpty else { return nil }
    var sum = CompensatedSum()
    for sample in samples { sum.add(sample) }
    let sorted = samples.sorted()
    self.init(sum: sum, count: samples.count, order: { sorted[$0] }) { body in
      for sample in samples { body(sample) }
    }
  }

  /// The exact distribution of finite samples that aren't held; nil without samples.
  ///
  /// It has the same bits as that of an array of them.
  ///
  /// - Parameters:
  ///   - sortingAtMost: As many samples are sorted in memory; more are told again for every 16 bits of
  ///     quantiles (see `OrderStatistics`).
  ///   - replay: Tells all samples, each time in the same order; called several times.
  /// - Throws: What `replay` throws.
  package init?<Failure: Error>(
    sortingAtMost: Int = mostSorted, replay: (_ body: (Double) -> Void) throws(Failure) -> Void
  ) throws(Failure) {
    var (samples, count, sum) = ([Double](), 0, CompensatedSum())
    try replay { sample in
      sum.add(sample)
      count += 1
      if count <= sortingAtMost { samples.append(sample) }
    }
    if count <= sortingAtMost {
      self.init(samples: samples)
      return
    }
    samples = []
    let places = Self.quantiles.flatMap { quantile in
      let below = Self.place(quantile, count: count).below
      return [below, Swift.min(below + 1, count - 1)]
    }
    let order = try OrderStatistics(at: Set(places + [0, count - 1]), replay: replay)
    try self.init(sum: sum, count: count, order: { order[$0] }, replay: replay)
  }

  /// The distribution from what is found once, and one more pass.
  ///
  /// - Parameters:
  ///   - sum: The samples' sum.
  ///   - count: Their number, at least 1.
  ///   - order: The value at a place of the sorted samples.
  ///   - replay: Tells the samples.
  /// - Throws: What `replay` throws.
  private init<Failure: Error>(
    sum: CompensatedSum, count: Int, order: (Int) -> Double,
    replay: (_ body: (Double) -> Void) throws(Failure) -> Void
  ) throws(Failure) {
    let (least, greatest, number) = (order(0), order(count - 1), Double(count))
    // Rounding may put the mean of equal samples beside them.
    let mean = Swift.min(Swift.max(sum.value / number, least), greatest)
    var squares = CompensatedSum()
    try replay { squares.add(($0 - mean) * ($0 - mean)) }
    let std = count == 1 ? 0 : (squares.value / (number - 1)).squareRoot()
    let quantiles = Self.quantiles.map { quantile in
      let (below, part) = Self.place(quantile, count: count)
      guard below + 1 < count else { return greatest }
      return order(below) + part * (order(below + 1) - order(below))
    }
    self.init(
      mean: mean, std: std, stderr: std / number.squareRoot(), min: least, p5: quantiles[0],
      p25: quantiles[1], p50: quantiles[2], p75: quantiles[3], p95: quantiles[4], max: greatest)
  }

  /// Where a quantile lies among sorted samples: behind which, and which part of the way to the next.
  private static func place(_ quantile: Double, count: Int) -> (below: Int, part: Double) {
    let place = quantile * Double(count - 1)
    return (Int(place), place - Double(Int(place)))
  }
}
