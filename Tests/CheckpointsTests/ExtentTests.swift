import Checkpoints
import TestSupport
import Testing

/// Sizes from files: no product and no end may wrap around.
@Suite struct ExtentTests {
  @Test func productsOverflowToNil() {
    #expect(checkedProduct([]) == 1)
    #expect(checkedProduct([3, 5, 7]) == 105)
    #expect(checkedProduct([1 << 32, 1 << 31]) == nil)
    #expect(checkedProduct([1 << 32, (1 << 32) + 1]) == nil)
    #expect(checkedProduct([.max, 1]) == .max)
    #expect(checkedProduct([.max, 2]) == nil)
    #expect(checkedProduct([2, -1]) == nil)
    #expect(checkedProduct([.min]) == nil)
  }

  /// A tensor without elements has a size however large its other axes are, but no negative axis.
  @Test func zeroWinsOverOverflowButNotOverNegative() {
    #expect(checkedProduct([.max, .max, 0]) == 0)
    #expect(checkedProduct([0, .max, .max]) == 0)
    #expect(checkedProduct([0, -1]) == nil)
    #expect(checkedProduct([-1, 0]) == nil)
  }

  @Test func productsAgreeWithFullWidthArithmetic() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<5000 {
      let factors = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
        Int.random(in: 1...(1 << Int.random(in: 0...40, using: &generator)), using: &generator)
      }
      // Factors are at least 1, so what has overflowed 128 bits stays too large.
      var exact: UInt128? = 1
      for factor in factors {
        guard let known = exact else { break }
        let (product, overflow) = known.multipliedReportingOverflow(by: UInt128(factor))
        exact = overflow ? nil : product
      }
      let expected = exact.flatMap { $0 <= UInt128(Int.max) ? Int($0) : nil }
      #expect(checkedProduct(factors) == expected)
    }
  }

  @Test func extentsEndWithinIntegers() throws {
    #expect(Extent(offset: -1, length: 1) == nil)
    #expect(Extent(offset: 1, length: -1) == nil)
    #expect(Extent(offset: .max, length: 1) == nil)
    let last = try #require(Extent(offset: .max, length: 0))
    #expect(last.end == .max)
    let extent = try #require(Extent(offset: 10, length: 5))
    #expect(extent.lies(within: 15) && !extent.lies(within: 14))
  }
}
