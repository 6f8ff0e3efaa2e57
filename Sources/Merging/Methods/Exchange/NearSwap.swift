package import Checkpoints
package import Recipes

/// The base, each element moved towards a tuned model by at most `t`:
/// `x` where `|x - b| <= t`, else `b ± t`.
///
/// Near elements are swapped for the tuned model's, far ones hardly change. mergekit writes it as a
/// mean with the weight `min(1, t / max(|b - x|, 1e-6))` of x, which is the same but for rounding and
/// where t or the distance is below 1e-6.
///
/// mergekit's `nearswap`.
package struct NearSwap: MergeMethod, Combination {
  /// What mergekit takes distances to be at least.
  private static let leastDistance = 1e-6

  private let t: Double
  private let compatibility: Compatibility

  /// A swap of near elements.
  ///
  /// - Parameters:
  ///   - t: The longest way of an element; finite and not negative.
  ///   - sourceCount: The number of tuned models, which must be one.
  ///   - compatibility: Whose formula is used.
  /// - Throws: ``CheckpointError`` of kind `usage`.
  package init(
    t: Double, sourceCount: Int, compatibility: Compatibility = .paper
  ) throws(CheckpointError) {
    try checkSources(sourceCount, of: "nearswap", are: 1...1)
    try checkNotNegative(t, of: "--t")
    self.t = t
    self.compatibility = compatibility
  }

  package var name: String { "nearswap" }
  package var parameters: [Parameter] {
    [Parameter("t", "\(t)"), Parameter("compat", compatibility.rawValue)]
  }
  package var rule: String { "base, towards A by at most \(t)" }
  package var carriesNonFinite: Bool { false }

  package func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    for element in 0..<tile.count {
      let base = tile.values[element]
      let way = tile.difference(of: 1, at: element)
      let model = tile.model(of: 1, at: element)
      switch compatibility {
      case .paper:
        let isNear = way.magnitude <= t
        result[element] = isNear ? model : base + Double(signOf: way, magnitudeOf: t)
      case .mergekit:
        let weight = min(1, t / max(way.magnitude, NearSwap.leastDistance))
        result[element] = weight * model + (1 - weight) * base
      }
    }
  }
}
