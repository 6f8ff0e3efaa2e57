/// Student's confidence interval of a mean, `mean +- t s / sqrt(n)`.
package enum StudentInterval {
  /// The quantile of Student's distribution that bounds a two-sided interval of the mean.
  ///
  /// - Parameters:
  ///   - confidence: The interval's confidence, between 0 and 1.
  ///   - degreesOfFreedom: The number of samples less one, at least 1.
  /// - Returns: t with P(|T| <= t) = confidence, to 1e-9 relative.
  package static func quantile(confidence: Double = 0.95, degreesOfFreedom: Int) -> Double {
    precondition(degreesOfFreedom >= 1 && confidence > 0 && confidence < 1)
    // P(|T| > t) = I_x(df/2, 1/2) at x = df / (df + t^2), which rises with x: bisect t.
    let outside = 1 - confidence, df = Double(degreesOfFreedom)
    func excess(_ t: Double) -> Double {
      IncompleteBeta.regularized(df / (df + t * t), df / 2, 0.5) - outside
    }
    var (low, high) = (0.0, 1.0)
    while excess(high) > 0 && high < 1e12 { (low, high) = (high, 2 * high) }
    for _ in 0..<100 where high - low > 1e-14 * high {
      let middle = (low + high) / 2
      if excess(middle) > 0 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The interval of the mean of `samples` samples; nil for fewer than two, of which no spread is known.
  package static func interval(
    of summary: Summary, samples: Int, confidence: Double = 0.95
  ) -> ClosedRange<Double>? {
    guard samples >= 2, summary.mean.isFinite, summary.stderr.isFinite else { return nil }
    let half = quantile(confidence: confidence, degreesOfFreedom: samples - 1) * summary.stderr
    return summary.mean - half...summary.mean + half
  }
}

/// The regularized incomplete beta function I_x(a, b).
enum IncompleteBeta {
  /// The continued fraction of Abramowitz and Stegun 26.5.8 by Lentz's method, which converges fast
  /// for `x < (a + 1) / (a + b + 2)`; beyond, by symmetry.
  static func regularized(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    if x > (a + 1) / (a + b + 2) { return 1 - regularized(1 - x, b, a) }
    let logarithm =
      MathLibrary.logarithmOfGamma(a + b) - MathLibrary.logarithmOfGamma(a)
      - MathLibrary.logarithmOfGamma(b) + a * MathLibrary.logarithm(x)
      + b * MathLibrary.logarithmOfOnePlus(-x)
    return MathLibrary.exponential(logarithm) / (a * fraction(x, a, b))
  }

  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let least = 1e-300
    func kept(_ value: Double) -> Double { value.magnitude < least ? least : value }
    // f = 1 + d_1 / (1 + d_2 / (1 + ...))
    var (c, d, result) = (1.0, 0.0, 1.0)
    for step in 1...10_000 {
      let m = Double(step / 2)
      let term =
        step.isMultiple(of: 2)
        ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / kept(1 + term * d)
      c = kept(1 + term / c)
      result *= c * d
      if (c * d - 1).magnitude < 0x1p-52 { break }
    }
    return result
  }
}
