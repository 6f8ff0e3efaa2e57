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
  /// The weights before they are rounded.
  private let shares: [DoubleDouble]
  private let isNormalized: Bool
  private let hasBase: Bool
  private let compatibility: Compatibility

  /// What mergekit adds to lengths.
  private static let epsilon: DoubleDouble = 1e-8

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
    shares = wideWeights(weights, sourceCount: sourceCount, isNormalized: isNormalized)
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
    let vectors = WideGram(gram)
    let norms = vectors.norms
    if norms.allSatisfy({ $0 == 0 }) { return weights }
    let lengthened = compatibility == .mergekit ? norms.map { $0 + MultiSlerp.epsilon } : norms
    let scales = lengthened.map { $0 == 0 ? 0 : 1 / $0 }
    let units = vectors.scaled(by: scales)
    let length = units.length(of: shares)
    let total = shares.reduce(0) { $0 + $1.magnitude }
    let cancels =
      compatibility == .mergekit
      ? length < MultiSlerp.epsilon
      : length * length <= DoubleDouble(GreatCircle.tiny) * total * total
    if cancels { return gram.count == 2 ? weights : nil }
    var mean = shares.map { $0 / length }
    if compatibility == .mergekit { mean = tangentStep(from: mean, units) }
    let scale = zip(shares, norms).reduce(0) { $0 + $1.0 * $1.1 }
    return zip(mean, scales).map { (scale * $0 * $1).rounded }
  }

  /// mergekit's step from the mean direction: `cos|v|·m + sin|v|·v/|v|`, `v = Σ wₖ(uₖ - ⟨uₖ,m⟩m)`.
  private func tangentStep(from mean: [DoubleDouble], _ units: WideGram) -> [DoubleDouble] {
    let along = shares.indices.reduce(0) { $0 + shares[$1] * units.product($1, mean) }
    let tangent = zip(shares, mean).map { $0 - along * $1 }
    let length = units.length(of: tangent) + MultiSlerp.epsilon
    let (sine, cosine) = DoubleDouble.sinCos(length)
    return zip(mean, tangent).map { cosine * $0 + sine / length * $1 }
  }
}
