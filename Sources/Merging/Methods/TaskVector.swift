public import Checkpoints
import Kernels

/// What a fine-tuning changed: `τ = tuned - base`.
///
/// Ilharco et al., "Editing models with task arithmetic", 2023.
public struct TaskVector: MergeMethod {
  /// The method; it has no parameters.
  public init() {}

  public var name: String { "task-vector" }
  public var parameters: [Parameter] { [] }
  public var rule: String { "tuned - base" }
  public var product: SourceKind { .taskVector }

  public func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    let values = tile.values.span
    LinearCombination.subtract(
      values.extracting(tile.range(0)), from: values.extracting(tile.range(1)), into: &result)
  }
}
