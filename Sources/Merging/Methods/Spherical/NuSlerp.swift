package import Checkpoints
import Kernels
package import Recipes

/// Slerp by weights, of two models or of their task vectors: `t = w₂/(w₁ + w₂)`.
///
/// With a base the result is `b + slerp(τ₁, τ₂)`. The vectors are whole tensors, or rows, or columns.
/// Only vectors along one line are interpolated on the line; there is no earlier cut as mergekit's
/// `slerp` has one.
///
/// mergekit's `nuslerp`.
package struct NuSlerp: MergeMethod {
  private let weights: [Double]
  private let hasBase: Bool
  private let vectors: SphericalCombination.Vectors
  private let compatibility: Compatibility

  /// A point on the great circle.
  ///
  /// - Parameters:
  ///   - weights: Two finite numbers; equal ones where it is nil.
  ///   - hasBase: Whether the first input is a base.
  ///   - sourceCount: The number of models, which must be two.
  ///   - flatten: Whether a tensor is one vector; if not, each row along the last axis is one.
  ///   - rowWise: If not flattened, whether the vectors run along the first axis instead.
  ///   - compatibility: Whose guards are used.
  /// - Throws: ``CheckpointError`` of kind `usage`.
  package init(
    weights: [Double]?, hasBase: Bool, sourceCount: Int, flatten: Bool = true,
    rowWise: Bool = false, compatibility: Compatibility = .paper
  ) throws(CheckpointError) {
    try checkSources(sourceCount, of: "nuslerp", are: 2...2)
    self.weights = weights ?? [1, 1]
    try checkCount(self.weights, of: "--weights", against: sourceCount)
    if compatibility == .paper, self.weights[0] + self.weights[1] == 0 {
      throw CheckpointError(
        .usage, subject: "--weights", fact: "sum to 0, so they name no point between the models")
    }
    self.hasBase = hasBase
    vectors = flatten ? .tensor : rowWise ? .columns : .rows
    self.compatibility = compatibility
  }

  package var name: String { "nuslerp" }
  package var parameters: [Parameter] {
    [
      Parameter("weights", listed(weights)), Parameter("flatten", "\(vectors == .tensor)"),
      Parameter("row-wise", "\(vectors == .columns)"),
      Parameter("compat", compatibility.rawValue),
    ]
  }
  package var rule: String { "\(hasBase ? "base + slerp(τ)" : "slerp(A, B)"), t = \(t)" }
  package func passes(over shape: [Int]) -> Int { core.passes() }
  package func unit(of shape: [Int]) -> Int { core.unit(of: shape) }

  package func combination(of tensor: TensorReader) throws(CheckpointError) -> any Combination {
    try core.combination(of: tensor)
  }

  private var t: Double {
    let sum = weights[0] + weights[1]
    return compatibility == .mergekit && abs(sum) < 1e-6 ? 0.5 : weights[1] / sum
  }

  private var core: SphericalCombination {
    let circle = GreatCircle(t: t, guards: compatibility == .paper ? .exact : .nuSlerp)
    return SphericalCombination(vectors, hasBase: hasBase) { [hasBase] in
      WeightedSum(circle.coefficients($0), hasBase: hasBase)
    }
  }
}
