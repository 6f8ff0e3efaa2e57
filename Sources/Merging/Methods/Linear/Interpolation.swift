package import Checkpoints
import Kernels

/// A point on the line through two models: `α·A + (1 - α)·B`; α multiplies the first model.
///
/// α = 1 gives A and α = 0 gives B bit for bit; outside [0, 1] the line is extrapolated. This is the
/// weight interpolation of "On the Emergence of Cross-Task Linearity in the Pretraining-Finetuning
/// Paradigm", 2024, whose convention for α it follows.
package struct Interpolation: MergeMethod, Combination {
  /// The coefficient of the first model.
  package let alpha: Double

  /// A point on the line.
  ///
  /// - Parameter alpha: The coefficient of the first model; finite.
  /// - Throws: ``CheckpointError`` of kind `usage` where it isn't finite.
  package init(alpha: Double) throws(CheckpointError) {
    guard alpha.isFinite else {
      throw CheckpointError(.usage, subject: "--alpha", fact: "is \(alpha), not a finite number")
    }
    self.alpha = alpha
  }

  package var name: String { "interpolate" }
  package var parameters: [Parameter] { [Parameter("alpha", "\(alpha)")] }
  package var rule: String { "\(alpha) A + \(1 - alpha) B" }

  package func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    let values = tile.values.span
    // At the ends the other model takes no part at all: 1·x + 0·y would turn -0 into +0.
    switch alpha {
    case 1: LinearCombination.assign(values.extracting(tile.range(0)), scaledBy: 1, to: &result)
    case 0: LinearCombination.assign(values.extracting(tile.range(1)), scaledBy: 1, to: &result)
    default:
      LinearCombination.interpolate(
        values.extracting(tile.range(0)), values.extracting(tile.range(1)), alpha: alpha,
        into: &result)
    }
  }
}
