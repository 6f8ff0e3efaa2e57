package import Checkpoints
import Kernels

/// Task vectors added to a base or taken from it: `base + Σ λᵢ·τᵢ`, or `base - Σ λᵢ·τᵢ`.
///
/// A source that is a tuned model stands for its task vector, `τᵢ = vᵢ - base`, computed in Float64.
///
/// Ilharco et al., "Editing models with task arithmetic", 2023.
package struct TaskArithmetic: MergeMethod, Combination {
  /// Which way the task vectors are applied.
  package let direction: MergeRecipe.Direction
  /// The coefficient of each task vector.
  package let scales: [Double]

  /// Task arithmetic.
  ///
  /// - Parameters:
  ///   - direction: Adding or taking away.
  ///   - sourceCount: The number of task vectors.
  ///   - scales: One finite number per task vector, or a single one for all of them.
  /// - Throws: ``CheckpointError`` of kind `usage` where the scales don't fit.
  package init(
    _ direction: MergeRecipe.Direction, sourceCount: Int, scales: [Double]
  ) throws(CheckpointError) {
    let all = scales.count == 1 ? [Double](repeating: scales[0], count: sourceCount) : scales
    try checkCount(all, of: "--scales", against: sourceCount)
    self.direction = direction
    self.scales = all
  }

  package var name: String { direction.rawValue }
  package var parameters: [Parameter] { [Parameter("scales", listed(scales))] }
  package var rule: String { "base \(direction == .add ? "+" : "-") Σ λ τ, λ = \(listed(scales))" }

  package func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    let values = tile.values.span
    LinearCombination.assign(values.extracting(tile.range(0)), scaledBy: 1, to: &result)
    for (place, scale) in scales.enumerated() where scale != 0 {
      let source = place + 1
      let factor = direction == .add ? scale : -scale
      switch tile.kinds[source] {
      case .taskVector:
        LinearCombination.addScaled(values.extracting(tile.range(source)), by: factor, to: &result)
      case .model:
        LinearCombination.addScaledDifference(
          values.extracting(tile.range(source)), minus: values.extracting(tile.range(0)),
          by: factor, to: &result)
      }
    }
  }
}
