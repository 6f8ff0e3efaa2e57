package import Checkpoints
import Kernels

/// The weighted mean of several models: `Σ wᵢ·xᵢ / Σ wᵢ`.
///
/// With equal weights the result is the correctly rounded exact mean, whatever the order of the
/// sources. With others the formula is evaluated in Float64 in the order of the sources; without
/// normalisation it is `Σ wᵢ·xᵢ`.
///
/// Wortsman et al., "Model soups: averaging weights of multiple fine-tuned models improves accuracy
/// without increasing inference time", 2022.
package struct Soup: MergeMethod, Combination {
  /// The weights, one per source; nil for equal ones.
  package let weights: [Double]?
  /// Whether the sum is divided by the sum of the weights.
  package let isNormalized: Bool
  private let divisor: Double
  /// Whether it is the plain mean.
  private let isMean: Bool

  /// A mean.
  ///
  /// - Parameters:
  ///   - sourceCount: The number of sources.
  ///   - weights: One finite number per source, or nil for equal weights.
  ///   - isNormalized: Whether to divide by the sum of the weights.
  /// - Throws: ``CheckpointError`` of kind `usage` where the weights don't fit.
  package init(
    sourceCount: Int, weights: [Double]?, isNormalized: Bool
  ) throws(CheckpointError) {
    if let weights {
      try checkCount(weights, of: "--weights", against: sourceCount)
      let sum = weights.reduce(0, +)
      if isNormalized, sum == 0 || !sum.isFinite {
        throw CheckpointError(
          .usage, subject: "--weights", fact: "sum to \(sum), so they can't be normalised",
          remedy: "use --no-normalize to take them as they are")
      }
      self.divisor = isNormalized ? sum : 1
    } else {
      self.divisor = isNormalized ? Double(sourceCount) : 1
    }
    isMean = isNormalized && (weights.map { all in all.allSatisfy { $0 == all[0] } } ?? true)
    self.weights = weights
    self.isNormalized = isNormalized
  }

  package var name: String { "soup" }

  package var parameters: [Parameter] {
    [
      Parameter("weights", weights.map(listed) ?? "uniform"),
      Parameter("normalize", "\(isNormalized)"),
    ]
  }

  package var rule: String {
    guard let weights else { return isNormalized ? "mean" : "sum" }
    return "weighted \(isNormalized ? "mean" : "sum"), weights \(listed(weights))"
  }

  package func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    let values = tile.values.span
    if isMean {
      var mean = ExactMean(sourceCount: tile.sourceCount)
      mean.combine(values, stride: tile.stride, as: type, into: &result)
      return
    }
    for source in 0..<tile.sourceCount {
      let weight = weights?[source] ?? 1
      if source == 0 {
        LinearCombination.assign(
          values.extracting(tile.range(source)), scaledBy: weight, to: &result)
      } else {
        LinearCombination.addScaled(values.extracting(tile.range(source)), by: weight, to: &result)
      }
    }
    LinearCombination.divide(&result, by: divisor)
  }

  package func combineStored(
    _ tile: borrowing StoredTile, into output: inout MutableRawSpan
  ) -> Bool {
    isMean
      && StoredMean.combine(
        tile.buffers, at: tile.starts, as: tile.type, tile.order, into: &output)
  }
}
