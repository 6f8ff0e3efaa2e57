/// Wilson's confidence interval of a share (Wilson 1927), which stays within 0 and 1 and is sensible
/// for shares near them and for few samples.
package enum WilsonInterval {
  /// The normal quantile of 95 % confidence, two-sided.
  static let z = 1.959963984540054

  /// The 95 % interval of `count / total`; all of 0...1 where nothing was counted.
  ///
  ///     (p + z^2/2n +- z sqrt(p (1-p)/n + z^2/4n^2)) / (1 + z^2/n)
  package static func interval(count: Int, of total: Int) -> ClosedRange<Double> {
    guard total > 0 else { return 0...1 }
    let n = Double(total), p = Double(count) / n, z2 = z * z
    let center = p + z2 / (2 * n)
    let half = z * (p * (1 - p) / n + z2 / (4 * n * n)).squareRoot()
    let scale = 1 + z2 / n
    // At the ends the formula gives 0 and 1 but for rounding.
    let low = count <= 0 ? 0 : max(0, (center - half) / scale)
    let high = count >= total ? 1 : min(1, (center + half) / scale)
    return low...high
  }
}
