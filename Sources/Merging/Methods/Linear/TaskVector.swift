package import Checkpoints
import Kernels

/// What a fine-tuning changed: `τ = tuned - base`.
///
/// Ilharco et al., "Editing models with task arithmetic", 2023.
package struct TaskVector: MergeMethod, Combination {
  /// The method; it has no parameters.
  package init() {}

  package var name: String { "task-vector" }
  package var parameters: [Parameter] { [] }
  package var rule: String { "tuned - base" }
  package var product: SourceKind { .taskVector }
  package var takesTaskVectors: Bool { false }

  package func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    let values = tile.values.span
    LinearCombination.subtract(
      values.extracting(tile.range(0)), from: values.extracting(tile.range(1)), into: &result)
  }
}
