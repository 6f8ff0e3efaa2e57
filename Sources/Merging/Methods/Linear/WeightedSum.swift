package import Checkpoints
import Kernels

/// A tensor as `Σ cₖ·xₖ`, or as `b + Σ cₖ·τₖ` where the first input is a base.
///
/// Sources with a coefficient of zero take no part, so that a sum of one source is that source bit
/// for bit.
package struct WeightedSum: Combination {
  /// The coefficients of the sources.
  package let coefficients: [Double]
  /// Whether the first input is a base, to which the coefficients don't apply.
  package let hasBase: Bool

  /// A sum.
  package init(_ coefficients: [Double], hasBase: Bool) {
    self.coefficients = coefficients
    self.hasBase = hasBase
  }

  package func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    combine(tile, 0..<tile.count, into: &result)
  }

  /// Combines a part of a tile: the elements `part` of it, into as many of the result.
  package func combine(
    _ tile: borrowing SourceTile, _ part: Range<Int>, into result: inout MutableSpan<Double>
  ) {
    let values = tile.values.span
    func elements(_ source: Int) -> Range<Int> {
      source * tile.stride + part.lowerBound..<source * tile.stride + part.upperBound
    }
    let base = hasBase ? 1 : 0
    var isFirst = !hasBase
    if hasBase {
      LinearCombination.assign(values.extracting(elements(0)), scaledBy: 1, to: &result)
    }
    for (place, coefficient) in coefficients.enumerated() where coefficient != 0 {
      let source = values.extracting(elements(place + base))
      if isFirst {
        LinearCombination.assign(source, scaledBy: coefficient, to: &result)
        isFirst = false
      } else if hasBase, tile.kinds[place + base] == .model {
        LinearCombination.addScaledDifference(
          source, minus: values.extracting(elements(0)), by: coefficient, to: &result)
      } else {
        LinearCombination.addScaled(source, by: coefficient, to: &result)
      }
    }
    if isFirst {
      LinearCombination.assign(values.extracting(elements(0)), scaledBy: 0, to: &result)
    }
  }
}
