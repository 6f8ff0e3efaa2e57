package import Checkpoints
import Kernels

/// One model as it is, or scaled: `s·x`.
///
/// mergekit's `passthrough`; recipes put models together from slices of others with it.
package struct Passthrough: MergeMethod, Combination {
  private let scale: Double

  /// A copy of one model.
  ///
  /// - Parameters:
  ///   - scale: The factor; finite.
  ///   - sourceCount: The number of models, which must be one.
  /// - Throws: ``CheckpointError`` of kind `usage`.
  package init(scale: Double = 1, sourceCount: Int) throws(CheckpointError) {
    try checkSources(sourceCount, of: "passthrough", are: 1...1)
    try checkFinite(scale, of: "--scale")
    self.scale = scale
  }

  package var name: String { "passthrough" }
  package var parameters: [Parameter] { [Parameter("scale", "\(scale)")] }
  package var rule: String { scale == 1 ? "A" : "\(scale) A" }

  package func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    let values = tile.values.span
    LinearCombination.assign(values.extracting(tile.range(0)), scaledBy: scale, to: &result)
  }
}
