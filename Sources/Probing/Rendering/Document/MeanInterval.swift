extension Summary {
  /// The 95 % interval of the mean, `mean -+ t s / sqrt(n)` with Student's t at n - 1 degrees of freedom.
  ///
  /// Of a single sample nothing is known about the spread: the interval is the mean itself.
  func meanInterval(samples: Int) -> (low: Double, high: Double) {
    guard samples > 1 else { return (mean, mean) }
    let half = studentQuantile(degrees: samples - 1) * stderr
    return (mean - half, mean + half)
  }
}

/// The 97.5 % quantile of Student's t distribution.
///
/// Exact for one and two degrees of freedom; from three on the expansion about the normal quantile
/// (Abramowitz and Stegun, 26.7.5), whose relative error is 1.2e-3 at three and falls quickly.
func studentQuantile(degrees: Int) -> Double {
  switch degrees {
  case ...1: return 12.706204736174698
  case 2: return 4.302652729749464
  default: break
  }
  let n = Double(degrees)
  let z = 1.959963984540054
  let powers = (0..<9).reduce(into: [1.0]) { powers, _ in
    powers.append(powers[powers.count - 1] * z)
  }
  let terms = [
    (powers[3] + z) / 4,
    (5 * powers[5] + 16 * powers[3] + 3 * z) / 96,
    (3 * powers[7] + 19 * powers[5] + 17 * powers[3] - 15 * z) / 384,
    (79 * powers[9] + 776 * powers[7] + 1482 * powers[5] - 1920 * powers[3] - 945 * z) / 92160,
  ]
  return terms.reversed().reduce(0) { ($0 + $1) / n } + z
}
