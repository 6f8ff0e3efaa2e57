package import Checkpoints
package import Kernels
package import Recipes

/// The base and the mean of the models, weighed by the angle between the task vectors:
/// `t·mean(x) + (1-t)·b` with `t = N·cos θ / (1 + (N-1)·cos θ)`.
///
/// The angle is the mean of the pairs' cosines; the paper has one angle for all. A task vector of
/// length zero has the cosine 0 with the others. mergekit divides by at least 1e-6, so that small
/// tensors get t ≈ 0.
///
/// Jang, Yun and Han, "Model Stock: All we need is just a few fine-tuned models", 2024.
package struct ModelStock: MergeMethod {
  private let sourceCount: Int
  private let isFilterWise: Bool
  private let compatibility: Compatibility

  /// A model stock.
  ///
  /// - Parameters:
  ///   - sourceCount: The number of tuned models, at least two.
  ///   - filterWise: Whether each row along the last axis has an angle of its own.
  ///   - compatibility: Whose guards are used.
  /// - Throws: ``CheckpointError`` of kind `usage`.
  package init(
    sourceCount: Int, filterWise: Bool = false, compatibility: Compatibility = .paper
  ) throws(CheckpointError) {
    try checkSources(sourceCount, of: "model-stock", are: 2...Int.max)
    self.sourceCount = sourceCount
    isFilterWise = filterWise
    self.compatibility = compatibility
  }

  package var name: String { "model-stock" }
  package var parameters: [Parameter] {
    [
      Parameter("filter-wise", "\(isFilterWise)"), Parameter("compat", compatibility.rawValue),
    ]
  }
  package var rule: String { "base + t mean(τ), t by the angles between τ" }
  package func passes(over shape: [Int]) -> Int { core.passes() }
  package func unit(of shape: [Int]) -> Int { core.unit(of: shape) }

  package func combination(of tensor: TensorReader) throws(CheckpointError) -> any Combination {
    try core.combination(of: tensor)
  }

  private var core: SphericalCombination {
    let clamp = compatibility == .mergekit
    return SphericalCombination(isFilterWise ? .rows : .tensor, hasBase: true) { gram in
      WeightedSum(
        [Double](repeating: 1, count: gram.count), hasBase: true,
        factor: ModelStock.factor(gram, isClamped: clamp))
    }
  }

  /// The factor t/N of the task vectors' sum, by their inner products.
  package static func factor(_ gram: GramMatrix, isClamped: Bool = false) -> Double {
    let count = gram.count
    let norms = (0..<count).map { gram.wide($0, $0).squareRoot() }
    var sum: DoubleDouble = 0
    for i in 0..<count {
      for j in 0..<i {
        let product = norms[i] * norms[j]
        let divisor = isClamped ? max(product, 1e-6) : product
        if divisor != 0 { sum += (gram.wide(i, j) / divisor).limitedToOne }
      }
    }
    let cosine = sum / DoubleDouble(Double(count * (count - 1) / 2))
    let divisor = 1 + DoubleDouble(Double(count - 1)) * cosine
    return divisor.magnitude < 1e-6 ? 0 : (cosine / divisor).rounded
  }
}
