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
    try checkPositive(self.weights, of: "--weights")
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
    let norms = (0..<gram.count).map { gram[$0, $0].squareRoot() }
    let shortest = compatibility == .paper ? 0 : tolerance
    let valid = norms.indices.filter { norms[$0] > shortest }
    guard let first = valid.first else { return weights.map { _ in 0 } }
    let sum = valid.reduce(0) { $0 + weights[$1] }
    let scale = zip(weights, norms).reduce(0) { $0 + $1.0 * $1.1 }

    // Coefficients are those of the models, whose units are xₖ/|xₖ|.
    var mean = norms.map { _ in 0.0 }
    for source in valid { mean[source] = weights[source] / sum / norms[source] }
    let length = gram.squaredLength(of: mean).squareRoot()
    let vanishes =
      compatibility == .paper ? length * length <= GreatCircle.tiny : length < tolerance
    if vanishes {
      mean = norms.indices.map { $0 == first ? 1 / norms[first] : 0 }
    } else {
      mean = mean.map { $0 / length }
    }
    for _ in 0..<maximumSteps {
      var step = norms.map { _ in 0.0 }
      for source in valid {
        var unit = norms.map { _ in 0.0 }
        unit[source] = 1 / norms[source]
        let angle = gram.angle(between: mean, and: unit)
        let (sine, cosine) = (MathLibrary.sin(angle), MathLibrary.cos(angle))
        // Of a vector opposite to the mean no direction leads to it.
        if cosine <= -(1 - 0x1p-40) || (compatibility == .mergekit && angle < tolerance) {
          continue
        }
        let factor = weights[source] / sum * (sine > 0 ? angle / sine : 1)
        for place in step.indices { step[place] += factor * (unit[place] - cosine * mean[place]) }
      }
      let length = gram.squaredLength(of: step).squareRoot()
      if length < tolerance { break }
      let (cosine, sine) = (MathLibrary.cos(length), MathLibrary.sin(length) / length)
      for place in mean.indices { mean[place] = cosine * mean[place] + sine * step[place] }
      let norm = gram.squaredLength(of: mean).squareRoot()
      mean = mean.map { $0 / norm }
    }
    return mean.map { scale * $0 }
  }
}

extension GramMatrix {
  /// The angle between two unit vectors, `2·atan2(|p-q|, |p+q|)`, given by their coefficients.
  fileprivate func angle(between p: [Double], and q: [Double]) -> Double {
    let distance = squaredLength(of: zip(p, q).map { $0 - $1 }).squareRoot()
    let sum = squaredLength(of: zip(p, q).map { $0 + $1 }).squareRoot()
    return 2 * MathLibrary.atan2(distance, sum)
  }
}
