package import Checkpoints
import Kernels

/// A tensor as `f·Σ cₖ·xₖ`, or as `b + f·Σ cₖ·τₖ` where the first input is a base.
///
/// Sources with a coefficient of zero take no part, so that a sum of one source is that source bit
/// for bit.
package struct WeightedSum: Combination {
  /// The coefficients of the sources.
  package let coefficients: [Double]
  /// Whether the first input is a base, to which the coefficients don't apply.
  package let hasBase: Bool

  /// What the sum is multiplied by.
  package let factor: Double

  /// A sum.
  package init(_ coefficients: [Double], hasBase: Bool, factor: Double = 1) {
    self.coefficients = coefficients
    self.hasBase = hasBase
    self.factor = factor
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
    var isFirst = true
    for (place, coefficient) in coefficients.enumerated() where coefficient != 0 {
      let source = values.extracting(elements(place + base))
      if hasBase, tile.kinds[place + base] == .model {
        if isFirst { clear(&result) }
        LinearCombination.addScaledDifference(
          source, minus: values.extracting(elements(0)), by: coefficient, to: &result)
      } else if isFirst {
        LinearCombination.assign(source, scaledBy: coefficient, to: &result)
      } else {
        LinearCombination.addScaled(source, by: coefficient, to: &result)
      }
      isFirst = false
    }
    if isFirst { clear(&result) }
    LinearCombination.scale(&result, by: factor)
    if hasBase {
      LinearCombination.addScaled(values.extracting(elements(0)), by: 1, to: &result)
    }
  }

  private func clear(_ result: inout MutableSpan<Double>) {
    for place in result.indices { result[place] = 0 }
  }
}
