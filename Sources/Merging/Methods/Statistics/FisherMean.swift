package import Checkpoints

/// The mean of the models, each element weighed by its Fisher information:
/// `Σ wₖFₖxₖ / Σ wₖFₖ`.
///
/// Fₖ is the diagonal of model k's Fisher information matrix: the mean square of the gradient of the
/// log-likelihood, which tells how much the model's outputs depend on an element. Where no model
/// depends on it, and for tensors without statistics, it is the weighted mean.
///
/// Matena and Raffel, "Merging models with Fisher-weighted averaging", 2022.
package struct FisherMean: StatisticsMethod {
  private let weights: [Double]
  private let mean: Soup

  /// A mean by Fisher information.
  ///
  /// - Parameters:
  ///   - weights: One finite number per source; 1 each where it is nil.
  ///   - sourceCount: The number of models.
  /// - Throws: ``CheckpointError`` of kind `usage`.
  package init(weights: [Double]? = nil, sourceCount: Int) throws(CheckpointError) {
    self.weights = weights ?? [Double](repeating: 1, count: sourceCount)
    mean = try Soup(sourceCount: sourceCount, weights: weights, isNormalized: true)
  }

  package var name: String { "fisher" }
  package var parameters: [Parameter] { [Parameter("weights", listed(weights))] }
  package var rule: String { "mean by Fisher information, weights \(listed(weights))" }
  package var withoutStatistics: any MergeMethod { mean }
  package var combinesStatistics: Bool { true }
  package func statisticsShape(for shape: [Int]) -> [Int]? { shape }

  package func combination(of tensor: TensorReader) throws(CheckpointError) -> any Combination {
    for statistics in tensor.statistics {
      let isSound = try statistics.reduce(true) { (isSound, tile) throws(CheckpointError) in
        for element in 0..<tile.count {
          let value = tile.values[element]
          if !(value >= 0 && value.isFinite) { isSound = false }
        }
      } merge: {
        $0 = $0 && $1
      }
      if isSound { continue }
      throw CheckpointError(
        .numeric, file: statistics.fileName, subject: "tensor \(tensor.name)",
        fact: "holds Fisher information that is negative or not finite",
        remedy: "Fisher information is a mean of squares; compute it anew")
    }
    return FisherCombination(weights: weights, mean: mean)
  }
}

/// The sum over x₁ … x_K with F₁ … F_K, which follow them in the tile.
private struct FisherCombination: Combination {
  let weights: [Double]
  let mean: Soup

  func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    let count = weights.count
    var isMissing = false
    for element in 0..<tile.count {
      var sum = 0.0
      var divisor = 0.0
      for (source, weight) in weights.enumerated() {
        let factor = weight * tile.values[(count + source) * tile.stride + element]
        let term = factor * tile.values[source * tile.stride + element]
        sum = source == 0 ? term : sum + term
        divisor = source == 0 ? factor : divisor + factor
      }
      isMissing = isMissing || divisor == 0
      result[element] = sum / divisor
    }
    if isMissing { fill(tile, as: type, into: &result) }
  }

  /// Puts the weighted mean where nobody knows anything.
  private func fill(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    let count = weights.count
    var models = SourceTile(kinds: Array(tile.kinds[..<count]), stride: tile.stride)
    models.count = tile.count
    models.values = Array(tile.values[..<(count * tile.stride)])
    var means = [Double](repeating: 0, count: tile.count)
    var span = means.mutableSpan
    mean.combine(models, as: type, into: &span)
    for element in 0..<tile.count {
      var divisor = 0.0
      for (source, weight) in weights.enumerated() {
        divisor += weight * tile.values[(count + source) * tile.stride + element]
      }
      if divisor == 0 { result[element] = span[element] }
    }
  }
}
