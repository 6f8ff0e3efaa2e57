import Kernels
import TestSupport
import Testing

/// The linear steps against the formula written out, and the checks of whole tiles.
@Suite struct LinearCombinationTests {
  private let x: [Double]
  private let y: [Double]
  private let z: [Double]

  init() {
    var generator = SeededGenerator(seed: 7)
    let random = { (0..<131).map { _ in Double.random(in: -2...2, using: &generator) } }
    (x, y, z) = (random(), random(), random())
  }

  private func run(_ start: [Double], _ body: (inout MutableSpan<Double>) -> Void) -> [Double] {
    var result = start
    var span = result.mutableSpan
    body(&span)
    return result
  }

  @Test func weightedSumRoundsAsWritten() {
    let result = run(x) {
      LinearCombination.assign(x.span, scaledBy: 0.3, to: &$0)
      LinearCombination.addScaled(y.span, by: -0.7, to: &$0)
      LinearCombination.addScaled(z.span, by: 1.1, to: &$0)
      LinearCombination.divide(&$0, by: 0.7)
    }
    #expect(result == x.indices.map { (0.3 * x[$0] + -0.7 * y[$0] + 1.1 * z[$0]) / 0.7 })
  }

  @Test func interpolationMultipliesTheFirstByAlpha() {
    let result = run(x) { LinearCombination.interpolate(x.span, y.span, alpha: 0.3, into: &$0) }
    #expect(result == x.indices.map { 0.3 * x[$0] + (1 - 0.3) * y[$0] })
    #expect(run(z) { LinearCombination.interpolate(x.span, y.span, alpha: 1, into: &$0) } == x)
  }

  @Test func taskArithmetic() {
    let result = run(z) {
      LinearCombination.addScaledDifference(x.span, minus: z.span, by: 0.4, to: &$0)
      LinearCombination.addScaledDifference(y.span, minus: z.span, by: 0.5, to: &$0)
    }
    #expect(result == x.indices.map { z[$0] + 0.4 * (x[$0] - z[$0]) + 0.5 * (y[$0] - z[$0]) })
    let tau = run(x) { LinearCombination.subtract(y.span, from: x.span, into: &$0) }
    #expect(tau == x.indices.map { x[$0] - y[$0] })
  }

  @Test func divisionByOneChangesNothing() {
    let special = [-0.0, .infinity, Double.leastNonzeroMagnitude]
    #expect(
      run(special) { LinearCombination.divide(&$0, by: 1) }.map(\.bitPattern)
        == special.map(\.bitPattern))
  }

  @Test func finiteCheckSeesEveryPlace() {
    for count in 0...67 {
      let values = (0..<count).map { Double($0) - 30 }
      #expect(allFinite(values))
      for i in 0..<count {
        for bad in [Double.nan, .infinity, -.infinity] {
          var spoiled = values
          spoiled[i] = bad
          #expect(!allFinite(spoiled))
          #expect(containsNaN(spoiled) == bad.isNaN)
        }
      }
    }
    let greatest = [
      Double.greatestFiniteMagnitude, -.greatestFiniteMagnitude, Double.leastNonzeroMagnitude,
    ]
    #expect(allFinite(greatest))
  }

  @Test func negativeValuesAreSeenAndClamped() {
    let good = [0, -0.0, .nan, Double.leastNonzeroMagnitude, .infinity]
    #expect(allNonNegative(good))
    let bad = good + [-Double.leastNonzeroMagnitude, -1, -.infinity, 2]
    #expect(!allNonNegative(bad))
    var values = bad
    var span = values.mutableSpan
    let count = NonNegativeCheck.clamp(&span)
    #expect(count == 3)
    #expect(values[5...] == [0, 0, 0, 2])
    #expect(values[1].sign == .minus && values[2].isNaN)
  }
}

// The macros of the tests can't take a span.
private func allFinite(_ values: [Double]) -> Bool { FiniteCheck.allFinite(values.span) }
private func containsNaN(_ values: [Double]) -> Bool { FiniteCheck.containsNaN(values.span) }
private func allNonNegative(_ values: [Double]) -> Bool {
  NonNegativeCheck.allNonNegative(values.span)
}
