package import Checkpoints

/// ``RAM``, with what only one source changed lengthened by how much that source shares with others:
/// `lₖ·τₖ` with `lₖ = 1 + r·min(α, sharedₖ / max(uniqueₖ, ε))`.
///
/// `sharedₖ` and `uniqueₖ` count the elements of the tensor that source k changed with others and
/// alone: where changes overlap much, averaging has weakened the source, and its own part makes up
/// for it.
///
/// "Behavior Knowledge Merge in Reinforced Agentic Models", arXiv 2601.13572, 2026; mergekit's
/// `ramplus_tl`.
package struct RAMPlusTL: MergeMethod {
  private let epsilon: Double
  private let r: Double
  private let alpha: Double

  /// A mean of changes.
  ///
  /// - Parameters:
  ///   - epsilon: What counts as a change; finite and not negative.
  ///   - r: How strongly unique changes are lengthened; finite and not negative.
  ///   - alpha: The greatest ratio of shared to unique changes that counts; finite and not negative.
  /// - Throws: ``CheckpointError`` of kind `usage`.
  package init(
    epsilon: Double = 1e-5, r: Double = 0.1, alpha: Double = 0.2
  ) throws(CheckpointError) {
    try checkNotNegative(epsilon, of: "--epsilon")
    try checkNotNegative(r, of: "--r")
    try checkNotNegative(alpha, of: "--alpha")
    self.epsilon = epsilon
    self.r = r
    self.alpha = alpha
  }

  package var name: String { "ramplus-tl" }
  package var parameters: [Parameter] {
    [
      Parameter("epsilon", "\(epsilon)"), Parameter("r", "\(r)"), Parameter("alpha", "\(alpha)"),
    ]
  }
  package var rule: String { "base + mean of τ where |τ| > \(epsilon), unique τ lengthened" }
  package var carriesNonFinite: Bool { false }
  package func passes(over shape: [Int]) -> Int { 2 }

  package func combination(of tensor: TensorReader) throws(CheckpointError) -> any Combination {
    let none = [Overlap](repeating: Overlap(), count: tensor.kinds.count - 1)
    let epsilon = epsilon
    let overlaps = try tensor.reduce(none) { (overlaps, tile) throws(CheckpointError) in
      Overlap.count(tile, epsilon: epsilon, into: &overlaps)
    } merge: { overlaps, others in
      for source in overlaps.indices { overlaps[source].add(others[source]) }
    }
    return SharedMean(epsilon: epsilon, factors: overlaps.map(factor))
  }

  private func factor(_ overlap: Overlap) -> Double {
    let ratio = Double(overlap.shared) / max(Double(overlap.unique), epsilon)
    // With ε = 0 nothing unique has an infinite share, or none at all.
    return 1 + r * min(max(ratio.isNaN ? 0 : ratio, 0), alpha)
  }
}

/// In how many elements a source changed what others changed too, and what they didn't.
private struct Overlap: Sendable {
  private(set) var shared = 0
  private(set) var unique = 0

  mutating func add(_ other: Overlap) {
    shared += other.shared
    unique += other.unique
  }

  /// Counts the changes of a tile, by source.
  static func count(
    _ tile: borrowing SourceTile, epsilon: Double, into overlaps: inout [Overlap]
  ) {
    for element in 0..<tile.count {
      var contributors = 0
      var last = 0
      for source in overlaps.indices
      where tile.difference(of: source + 1, at: element).magnitude > epsilon {
        contributors += 1
        last = source
        overlaps[source].shared += 1
      }
      if contributors == 1 {
        overlaps[last].shared -= 1
        overlaps[last].unique += 1
      }
    }
  }
}
