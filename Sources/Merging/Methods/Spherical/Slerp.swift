package import Checkpoints
import Kernels
package import Recipes

/// A point on the great circle through two models:
/// `sin((1-t)θ)/sin θ · A + sin(tθ)/sin θ · B`, θ being the angle between them.
///
/// The coefficients act on the models as they are, not on unit vectors, as mergekit has it; so the
/// length isn't kept, but t = 0 gives A and t = 1 gives B bit for bit. Where θ is 0 or π, or a model
/// is zero, the sphere says nothing, and the line through the models is taken. mergekit takes the
/// line wherever |cos θ| > 0.9995, which is the case for most fine-tuned models.
///
/// Shoemake, "Animating rotation with quaternion curves", 1985.
package struct Slerp: MergeMethod {
  private let t: Double
  private let compatibility: Compatibility

  /// A point on the great circle.
  ///
  /// - Parameters:
  ///   - t: 0 for the first model, 1 for the second; finite.
  ///   - sourceCount: The number of models, which must be two.
  ///   - compatibility: Whose guards are used.
  /// - Throws: ``CheckpointError`` of kind `usage`.
  package init(
    t: Double, sourceCount: Int, compatibility: Compatibility = .paper
  ) throws(CheckpointError) {
    try checkSources(sourceCount, of: "slerp", are: 2...2)
    try checkFinite(t, of: "--t")
    self.t = t
    self.compatibility = compatibility
  }

  package var name: String { "slerp" }
  package var parameters: [Parameter] {
    [Parameter("t", "\(t)"), Parameter("compat", compatibility.rawValue)]
  }
  package var rule: String { "slerp(A, B), t = \(t)" }
  package func passes(over shape: [Int]) -> Int { core.passes() }

  package func combination(of tensor: TensorReader) throws(CheckpointError) -> any Combination {
    try core.combination(of: tensor)
  }

  private var core: SphericalCombination {
    let circle = GreatCircle(t: t, guards: compatibility == .paper ? .exact : .slerp)
    return SphericalCombination(.tensor, hasBase: false) {
      WeightedSum(circle.coefficients($0), hasBase: false)
    }
  }
}
