package import Checkpoints
import Kernels

/// The point with the least sum of distances to the models: `argmin_y Σ wₖ|xₖ - y|`.
///
/// One model far from the others moves it little, which makes it a robust mean. It lies in the
/// models' convex hull, so only their distances are needed: `y = Σ lₖxₖ` is found by Weiszfeld's
/// steps `lₖ ∝ wₖ/|xₖ - y|`, after a look whether a model itself is the median. Of two models with
/// equal weights every point between them is a median; theirs is the mean.
///
/// Weiszfeld, "Sur le point pour lequel la somme des distances de n points donnés est minimum", 1937;
/// Vardi and Zhang, "The multivariate L1-median and associated data depth", 2000.
package struct GeometricMedian: MergeMethod {
  private let weights: [Double]
  /// The weights before they are rounded.
  private let shares: [DoubleDouble]
  private let maximumSteps: Int
  private let tolerance: Double

  /// A geometric median.
  ///
  /// - Parameters:
  ///   - weights: One positive number per source; equal ones where it is nil.
  ///   - sourceCount: The number of models.
  ///   - maximumSteps: The most steps.
  ///   - tolerance: The greatest change of a coefficient that ends the search.
  /// - Throws: ``CheckpointError`` of kind `usage`.
  package init(
    weights: [Double]?, sourceCount: Int, maximumSteps: Int = 1000, tolerance: Double = 1e-14
  ) throws(CheckpointError) {
    self.weights = try normalizedWeights(weights, sourceCount: sourceCount, isNormalized: true)
    shares = wideWeights(weights, sourceCount: sourceCount, isNormalized: true)
    try checkPositive(self.weights, of: "--weights")
    guard maximumSteps >= 0, tolerance >= 0 else {
      throw CheckpointError(.usage, subject: "--max-iter and --tol", fact: "can't be negative")
    }
    self.maximumSteps = maximumSteps
    self.tolerance = tolerance
  }

  package var name: String { "geometric-median" }
  package var parameters: [Parameter] {
    [
      Parameter("weights", listed(weights)), Parameter("max-iter", "\(maximumSteps)"),
      Parameter("tol", "\(tolerance)"),
    ]
  }
  package var rule: String { "geometric median" }
  package func passes(over shape: [Int]) -> Int { weights.count == 1 ? 1 : 2 }

  package func combination(of tensor: TensorReader) throws(CheckpointError) -> any Combination {
    if weights.count == 1 { return WeightedSum([1], hasBase: false) }
    let gram = try GramSurvey.gram(of: tensor, hasBase: false)
    return WeightedSum(coefficients(gram), hasBase: false)
  }

  /// The coefficients of the models.
  private func coefficients(_ gram: GramMatrix) -> [Double] {
    let sources = 0..<gram.count
    let squares = sources.map { j in sources.map { k in squaredDistance(j, k, gram) } }
    if gram.count == 2, weights[0] == weights[1] { return [0.5, 0.5] }
    if let median = sources.first(where: { isMedian($0, squares) }) {
      return sources.map { $0 == median ? 1 : 0 }
    }
    let least = 0x1p-50 * (squares.joined().max() ?? 0).squareRoot()
    var point = shares
    for _ in 0..<maximumSteps {
      // |xₖ - Σ lⱼxⱼ|² = Σ lⱼDₖⱼ² - ½ Σ lᵢlⱼDᵢⱼ²
      let means = squares.map { row in zip(point, row).reduce(0) { $0 + $1.0 * $1.1 } }
      let spread = 0.5 * zip(point, means).reduce(0) { $0 + $1.0 * $1.1 }
      let pulls = sources.map { k in
        shares[k] / max(max(means[k] - spread, 0).squareRoot(), least)
      }
      let sum = pulls.reduce(0, +)
      let next = pulls.map { $0 / sum }
      let change = zip(point, next).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
      point = next
      if change <= DoubleDouble(tolerance) { break }
    }
    return point.map(\.rounded)
  }

  private func squaredDistance(_ j: Int, _ k: Int, _ gram: GramMatrix) -> DoubleDouble {
    if j == k { return 0 }
    let lengths = gram.wide(j, j) + gram.wide(k, k)
    let square = lengths - 2 * gram.wide(j, k)
    return square <= DoubleDouble(GreatCircle.tiny) * lengths ? 0 : square
  }

  /// Whether the other models' pulls on a model don't outweigh its own weight.
  private func isMedian(_ k: Int, _ squares: [[DoubleDouble]]) -> Bool {
    let others = squares.indices.filter { squares[k][$0] != 0 }
    let own = squares.indices.reduce(0) { squares[k][$1] == 0 ? $0 + shares[$1] : $0 }
    let forces = squares[k].indices.map { shares[$0] / squares[k][$0].squareRoot() }
    var square: DoubleDouble = 0
    for i in others {
      for j in others {
        // 2⟨xᵢ - xₖ, xⱼ - xₖ⟩
        let product = squares[i][k] + squares[j][k] - squares[i][j]
        square += 0.5 * forces[i] * forces[j] * product
      }
    }
    return max(square, 0).squareRoot() < DoubleDouble(1 - 0x1p-40) * own
  }
}
