import Checkpoints

/// The base and, element by element, the mean of the task vectors that changed the element:
/// `b + Σ τₖ / c` over the c sources with `|τₖ| > ε`.
///
/// What only one source changed is multiplied by that source's factor.
struct SharedMean: Combination {
  /// ε: what counts as a change.
  let epsilon: Double
  /// The factors of what a source alone changed, by source; nil for 1 each.
  var factors: [Double]?

  func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    for element in 0..<tile.count {
      var sum = 0.0
      var contributors = 0.0
      var last = 0
      for source in 1..<tile.sourceCount {
        let change = tile.difference(of: source, at: element)
        guard change.magnitude > epsilon else { continue }
        sum += change
        contributors += 1
        last = source
      }
      if contributors == 1, let factors { sum *= factors[last - 1] }
      result[element] = tile.values[element] + sum / max(contributors, 1)
    }
  }
}
