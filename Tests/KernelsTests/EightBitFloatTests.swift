import Checkpoints
import Kernels
import Testing

/// The 8-bit types: every pattern, and every place where rounding could go wrong.
struct EightBitFloatTests {
  static let types: [ElementType] = [.float8E4M3, .float8E5M2]

  /// The value of a pattern by the tables of the specification (OCP 8-bit floating point, 5.1).
  private func defined(_ pattern: UInt8, _ type: ElementType) -> Double {
    let sign = pattern & 0x80 == 0 ? 1.0 : -1.0
    let rest = Int(pattern & 0x7F)
    if type == .float8E4M3 {
      if rest == 0x7F { return .nan }
      let (exponent, mantissa) = (rest >> 3, Double(rest & 7))
      return sign
        * (exponent == 0 ? mantissa * 0x1p-9 : (1 + mantissa / 8) * power(exponent - 7))
    }
    let (exponent, mantissa) = (rest >> 2, Double(rest & 3))
    if exponent == 31 { return mantissa == 0 ? sign * .infinity : .nan }
    return sign * (exponent == 0 ? mantissa * 0x1p-16 : (1 + mantissa / 4) * power(exponent - 15))
  }

  private func power(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }

  private func fits(_ value: Double, _ type: ElementType) -> Bool {
    let values = [value]
    return FiniteCheck.allFinite(values.span, as: type)
  }

  @Test(arguments: types)
  func everyPatternDecodesByDefinitionAndReturns(type: ElementType) {
    let patterns = (0...UInt8.max).map { $0 }
    let values = decoded(patterns, type)
    let again = encoded(values, type)
    for pattern in patterns {
      let expected = defined(pattern, type)
      let found = values[Int(pattern)]
      if expected.isNaN {
        #expect(found.isNaN && decoded([again[Int(pattern)]], type)[0].isNaN, "\(pattern)")
        #expect(again[Int(pattern)] & 0x80 == pattern & 0x80, "\(pattern)")
      } else {
        #expect(found.bitPattern == expected.bitPattern, "\(pattern)")
        #expect(again[Int(pattern)] == pattern, "\(pattern)")
      }
    }
  }

  /// Midpoints go to the even neighbour, and one unit of Float64 beside them to the nearer one.
  @Test(arguments: types)
  func everyMidpointRoundsToEven(type: ElementType) {
    // The first pattern that is no number: NaN of E4M3, infinity of E5M2.
    let end: UInt8 = type == .float8E4M3 ? 0x7F : 0x7C
    for lower in 0..<end {
      let upper = lower + 1
      let above = upper < end ? defined(upper, type) : type == .float8E4M3 ? 480 : 65536
      let midpoint = (defined(lower, type) + above) / 2
      let even = lower & 1 == 0 ? lower : upper
      let values = [midpoint, midpoint.nextUp, midpoint.nextDown, -midpoint, -midpoint.nextUp]
      #expect(
        encoded(values, type) == [even, upper, lower, even | 0x80, upper | 0x80], "\(lower)")
      #expect(fits(midpoint, type) == (even < end), "\(lower)")
      #expect(fits(midpoint.nextUp, type) == (upper < end), "\(lower)")
    }
  }

  @Test(arguments: types)
  func whatIsTooLargeIsInfiniteOrNaN(type: ElementType) {
    let top: UInt8 = type == .float8E4M3 ? 0x7F : 0x7C
    let large = [1e9, .infinity, .greatestFiniteMagnitude]
    #expect(
      encoded(large + large.map { -$0 }, type) == [top, top, top]
        + [top, top, top].map { $0 | 0x80 })
    #expect(!fits(1e9, type))
  }

  /// The mean of two and of three is the number nearest to the exact one, for all pairs of patterns.
  @Test(arguments: types)
  func everyMeanIsTheNearestNumber(type: ElementType) {
    let numbers = decoded((0...UInt8.max).map { $0 }, type).filter(\.isFinite)
    for a in numbers {
      var sources: [Double] = []
      sources += numbers
      sources += numbers.map { _ in a }
      var means = [Double](repeating: 0, count: numbers.count)
      var mean = ExactMean(sourceCount: 2)
      var target = means.mutableSpan
      mean.combine(sources.span, stride: numbers.count, as: type, into: &target)
      let expected = encoded(numbers.map { ($0 + a) / 2 }, type)
      #expect(encoded(means, type) == expected, "\(a)")
    }
  }
}
