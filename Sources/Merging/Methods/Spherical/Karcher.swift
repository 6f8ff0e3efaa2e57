package import Checkpoints
import Kernels
package import Recipes

/// The Karcher mean of the models' directions on the sphere, times their mean length.
///
/// The mean `m` is where the tangents balance, `Σ aₖ log_m(uₖ) = 0`; it is found by
/// `m ← exp_m(T)`, `T = Σ aₖ θₖ/sin θₖ (uₖ - cos θₖ m)`. All of it happens in the space that the models
/// span, where a vector is a list of coefficients and their Gram matrix gives lengths and angles.
///
/// Karcher, "Riemannian center of mass and mollifier smoothing", 1977; mergekit's `karcher`.
package struct Karcher: MergeMethod {
  private let weights: [Double]
  /// The weights before they are rounded.
  private let shares: [DoubleDouble]
  private let maximumSteps: Int
  private let tolerance: Double
  private let compatibility: Compatibility

  /// A Karcher mean.
  ///
  /// - Parameters:
  ///   - weights: One positive number per source; equal ones where it is nil.
  ///   - sourceCount: The number of models.
  ///   - maximumSteps: The most steps; nil for 100, of mergekit 10.
  ///   - tolerance: The length of a step that ends the search; nil for 1e-14, of mergekit 1e-5.
  ///   - compatibility: Whose guards and defaults are used.
  /// - Throws: ``CheckpointError`` of kind `usage`.
  package init(
    weights: [Double]?, sourceCount: Int, maximumSteps: Int? = nil, tolerance: Double? = nil,
    compatibility: Compatibility = .paper
  ) throws(CheckpointError) {
    self.weights = try normalizedWeights(weights, sourceCount: sourceCount, isNormalized: true)
    shares = wideWeights(weights, sourceCount: sourceCount, isNormalized: true)
    try checkPositive(self.weights, of: "--weights")
    if compatibility == .mergekit, weights != nil {
      throw CheckpointError(
        .usage, subject: "--weights", fact: "aren't known to mergekit's karcher",
        remedy: "leave them out, or use --compat paper")
    }
    self.maximumSteps = maximumSteps ?? (compatibility == .paper ? 100 : 10)
    self.tolerance = tolerance ?? (compatibility == .paper ? 1e-14 : 1e-5)
    guard self.maximumSteps >= 0, self.tolerance >= 0 else {
      throw CheckpointError(.usage, subject: "--max-iter and --tol", fact: "can't be negative")
    }
    self.compatibility = compatibility
  }

  package var name: String { "karcher" }
  package var parameters: [Parameter] {
    [
      Parameter("weights", listed(weights)), Parameter("max-iter", "\(maximumSteps)"),
      Parameter("tol", "\(tolerance)"), Parameter("compat", compatibility.rawValue),
    ]
  }
  package var rule: String { "Karcher mean direction × mean length" }
  package func passes(over shape: [Int]) -> Int { weights.count == 1 ? 1 : 2 }

  package func combination(of tensor: TensorReader) throws(CheckpointError) -> any Combination {
    if weights.count == 1 { return WeightedSum([1], hasBase: false) }
    let gram = try GramSurvey.gram(of: tensor, hasBase: false)
    return WeightedSum(coefficients(gram), hasBase: false)
  }

  private func coefficients(_ gram: GramMatrix) -> [Double] {
    let vectors = WideGram(gram)
    let norms = vectors.norms
    let shortest = compatibility == .paper ? 0 : DoubleDouble(tolerance)
    // A length that overflowed is not a number, and so is the result then.
    let valid = norms.indices.filter { !(norms[$0] <= shortest) }
    var coefficients = norms.map { _ in 0.0 }
    if valid.isEmpty { return coefficients }
    let units = vectors.part(valid).scaled(by: valid.map { 1 / norms[$0] })
    let sum = valid.reduce(0) { $0 + shares[$1] }
    let mean = meanDirection(of: units, valid.map { shares[$0] / sum })
    let scale = zip(shares, norms).reduce(0) { $0 + $1.0 * $1.1 }
    for (source, coefficient) in zip(valid, mean) {
      coefficients[source] = (scale * coefficient / norms[source]).rounded
    }
    return coefficients
  }

  /// The fixed point of the steps, as coefficients of the units.
  private func meanDirection(of units: WideGram, _ weights: [DoubleDouble]) -> [DoubleDouble] {
    let tolerance = DoubleDouble(tolerance)
    let length = units.length(of: weights)
    let vanishes =
      compatibility == .paper
      ? length * length <= DoubleDouble(GreatCircle.tiny) : length < tolerance
    var mean = weights.map { $0 / length }
    if vanishes { mean = weights.indices.map { $0 == 0 ? 1 : 0 } }
    for _ in 0..<maximumSteps {
      let step = tangent(at: mean, units, weights)
      let length = units.length(of: step)
      if length < tolerance { break }
      let (sine, cosine) = DoubleDouble.sinCos(length)
      let moved = zip(mean, step).map { cosine * $0 + sine / length * $1 }
      let norm = units.length(of: moved)
      mean = moved.map { $0 / norm }
    }
    return mean
  }

  /// `Σ aₖ θₖ/sin θₖ (uₖ - cos θₖ m)`.
  private func tangent(
    at mean: [DoubleDouble], _ units: WideGram, _ weights: [DoubleDouble]
  ) -> [DoubleDouble] {
    var tangent = mean.map { _ in 0 as DoubleDouble }
    for (source, weight) in weights.enumerated() {
      let cosine = units.product(source, mean).limitedToOne
      let sine = ((1 - cosine) * (1 + cosine)).squareRoot()
      let angle = DoubleDouble.atan2(sine, cosine)
      // Of a vector opposite to the mean no direction leads to it.
      if cosine <= DoubleDouble(-(1 - 0x1p-40)) { continue }
      if compatibility == .mergekit, angle < DoubleDouble(tolerance) { continue }
      let factor = sine > 0 ? weight * angle / sine : weight
      tangent = zip(tangent, mean).map { $0 - factor * cosine * $1 }
      tangent[source] += factor
    }
    return tangent
  }
}
