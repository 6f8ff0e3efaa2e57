/// Two ways of predicting, right or wrong on the same samples.
package struct PairedOutcomes: Hashable, Sendable {
  /// The samples.
  package var samples: Int
  /// Samples that only the first gets right.
  package var onlyFirst: Int
  /// Samples that only the second gets right.
  package var onlySecond: Int

  /// Counts.
  package init(samples: Int, onlyFirst: Int, onlySecond: Int) {
    self.samples = samples
    self.onlyFirst = onlyFirst
    self.onlySecond = onlySecond
  }

  /// McNemar's exact two-sided p-value that both are equally good.
  ///
  ///     min(1, 2 sum over k <= min(b, c) of C(b + c, k) / 2^(b + c))
  ///
  /// The greatest term comes from logarithms, the others from it by ratios, so that neither a large
  /// number of samples nor a tiny p-value is a difficulty; relative error about 1e-16 (b + c) log(b + c).
  package var pValue: Double {
    let n = onlyFirst + onlySecond, least = min(onlyFirst, onlySecond)
    // The middle: both tails are everything.
    if 2 * least >= n - 1 { return 1 }
    let (count, k) = (Double(n), Double(least))
    let logarithm =
      MathLibrary.logarithmOfGamma(count + 1) - MathLibrary.logarithmOfGamma(k + 1)
      - MathLibrary.logarithmOfGamma(count - k + 1) - count * MathLibrary.logarithm(2)
    var (ratio, sum) = (1.0, 1.0)
    for j in stride(from: k, to: 0, by: -1) {
      ratio *= j / (count - j + 1)
      sum += ratio
      if ratio < 0x1p-60 * sum { break }
    }
    return min(1, 2 * MathLibrary.exponential(logarithm) * sum)
  }

  /// The difference of the two shares, first less second.
  package var difference: Double {
    samples == 0 ? 0 : Double(onlyFirst - onlySecond) / Double(samples)
  }

  /// The standard error of the difference, of paired samples (divisor n - 1); 0 for fewer than two.
  package var differenceError: Double {
    guard samples >= 2 else { return 0 }
    let n = Double(samples)
    let squares = Double(onlyFirst + onlySecond) - difference * difference * n
    return (max(0, squares) / (n - 1) / n).squareRoot()
  }
}

extension SoupReport.PairedTest {
  /// The test of a soup, the first, against the ensemble, the second.
  init(_ outcomes: PairedOutcomes) {
    self.init(
      onlySoup: outcomes.onlyFirst, onlyEnsemble: outcomes.onlySecond, pValue: outcomes.pValue)
  }
}

extension Summary {
  /// The distribution of the differences `first - second` of paired samples; nil without samples.
  package static func ofDifferences(_ first: [Double], _ second: [Double]) -> Summary? {
    precondition(first.count == second.count, "pairs of which one is missing")
    return Summary(samples: zip(first, second).map { $0 - $1 })
  }
}
