package import Checkpoints
import Kernels
package import Recipes

/// The weighted mean of the directions of several models, times the weighted mean of their lengths:
/// `s·m` with `m = Σ wₖuₖ / |Σ wₖuₖ|`, `uₖ = xₖ/|xₖ|`, `s = Σ wₖ|xₖ|`.
///
/// mergekit's `multislerp` goes one step further along the mean of the tangents at `m`, which is zero
/// but for rounding and the 1e-8 that it adds to lengths; `compat mergekit` does so too. With a base
/// the vectors are task vectors and the base is added.
package struct MultiSlerp: MergeMethod {
  private let weights: [Double]
  private let isNormalized: Bool
  private let hasBase: Bool
  private let compatibility: Compatibility

  /// What mergekit adds to lengths.
  private static let epsilon = 1e-8

  /// A mean on the sphere.
  ///
  /// - Parameters:
  ///   - weights: One finite number per source; equal ones where it is nil.
  ///   - isNormalized: Whether the weights are divided by their sum.
  ///   - hasBase: Whether the first input is a base.
  ///   - sourceCount: The number of models.
  ///   - compatibility: Whose formula is used.
  /// - Throws: ``CheckpointError`` of kind `usage`.
  package init(
    weights: [Double]?, isNormalized: Bool = true, hasBase: Bool, sourceCount: Int,
    compatibility: Compatibility = .paper
  ) throws(CheckpointError) {
    self.weights = try normalizedWeights(
      weights, sourceCount: sourceCount, isNormalized: isNormalized)
    self.isNormalized = isNormalized
    self.hasBase = hasBase
    self.compatibility = compatibility
  }

  package var name: String { "multislerp" }
  package var parameters: [Parameter] {
    [
      Parameter("weights", listed(weights)), Parameter("normalize", "\(isNormalized)"),
      Parameter("compat", compatibility.rawValue),
    ]
  }
  package var rule: String {
    "\(hasBase ? "base + " : "")mean direction × mean length, weights \(listed(weights))"
  }
  package func passes(over shape: [Int]) -> Int { weights.count == 1 ? 1 : 2 }

  package func combination(of tensor: TensorReader) throws(CheckpointError) -> any Combination {
    if weights.count == 1 { return WeightedSum([1], hasBase: hasBase) }
    let gram = try GramSurvey.gram(of: tensor, hasBase: hasBase)
    guard let coefficients = coefficients(gram) else {
      throw CheckpointError(
        .numeric, subject: "tensor \(tensor.name)",
        fact: "the models' directions cancel, so they have no mean",
        remedy: "use other weights, or leave the tensor out with --exclude")
    }
    return WeightedSum(coefficients, hasBase: hasBase)
  }

  /// The coefficients of the sources; nil where more than two directions cancel.
  private func coefficients(_ gram: GramMatrix) -> [Double]? {
    let norms = (0..<gram.count).map { gram[$0, $0].squareRoot() }
    if norms.allSatisfy({ $0 == 0 }) { return weights }
    let lengthens = compatibility == .mergekit ? MultiSlerp.epsilon : 0
    let direction = zip(weights, norms).map { $1 + lengthens > 0 ? $0 / ($1 + lengthens) : 0 }
    let length = gram.squaredLength(of: direction).squareRoot()
    let total = weights.reduce(0) { $0 + abs($1) }
    let cancels =
      compatibility == .mergekit
      ? length < MultiSlerp.epsilon : length * length <= GreatCircle.tiny * total * total
    if cancels { return gram.count == 2 ? weights : nil }
    let scale = zip(weights, norms).reduce(0) { $0 + $1.0 * $1.1 }
    let mean = direction.map { $0 / length }
    if compatibility == .paper { return mean.map { scale * $0 } }
    return tangentStep(from: mean, norms: norms, gram).map { scale * $0 }
  }

  /// mergekit's step from the mean direction: `cos|v|·m + sin|v|·v/|v|`, `v = Σ wₖ(uₖ - ⟨uₖ,m⟩m)`.
  private func tangentStep(
    from mean: [Double], norms: [Double], _ gram: GramMatrix
  ) -> [Double] {
    var tangent = [Double](repeating: 0, count: gram.count)
    for source in 0..<gram.count {
      let scale = 1 / (norms[source] + MultiSlerp.epsilon)
      let cosine = (0..<gram.count).reduce(0) { $0 + scale * gram[source, $1] * mean[$1] }
      tangent[source] += weights[source] * scale
      for other in tangent.indices { tangent[other] -= weights[source] * cosine * mean[other] }
    }
    let length = gram.squaredLength(of: tangent).squareRoot() + MultiSlerp.epsilon
    return zip(mean, tangent).map {
      MathLibrary.cos(length) * $0 + MathLibrary.sin(length) / length * $1
    }
  }
}
