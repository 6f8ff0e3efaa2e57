package import Checkpoints

/// Reinforced Agent Merging: each element is the base plus the mean of those task vectors that
/// changed it, `b + Σ τₖ / c` over the c sources with `|τₖ| > ε`.
///
/// Tuning by reinforcement changes few elements; a mean over all sources would dilute what only one
/// of them learned.
///
/// "Behavior Knowledge Merge in Reinforced Agentic Models", arXiv 2601.13572, 2026; mergekit's `ram`.
package struct RAM: MergeMethod, Combination {
  private let mean: SharedMean

  /// A mean of changes.
  ///
  /// - Parameter epsilon: What counts as a change; finite and not negative.
  /// - Throws: ``CheckpointError`` of kind `usage`.
  package init(epsilon: Double = 1e-5) throws(CheckpointError) {
    try checkNotNegative(epsilon, of: "--epsilon")
    mean = SharedMean(epsilon: epsilon)
  }

  package var name: String { "ram" }
  package var parameters: [Parameter] { [Parameter("epsilon", "\(mean.epsilon)")] }
  package var rule: String { "base + mean of τ where |τ| > \(mean.epsilon)" }
  package var carriesNonFinite: Bool { false }

  package func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    mean.combine(tile, as: type, into: &result)
  }
}
