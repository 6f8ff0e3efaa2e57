import Checkpoints
import TestSupport
import Testing

@testable import Kernels

/// The mean is the correctly rounded exact mean: judged by integers of any length.
@Suite struct ExactMeanTests {
  /// The bits of the mean of one element of each source.
  private func mean(_ sources: [Double], _ type: ElementType) -> UInt64 {
    bits(means([sources], type)[0], type)
  }

  /// Means of elements, each given as the list of its sources' values.
  private func means(_ elements: [[Double]], _ type: ElementType) -> [Double] {
    let k = elements[0].count
    var flat = [Double](repeating: 0, count: k * elements.count)
    for (i, element) in elements.enumerated() {
      for (j, value) in element.enumerated() { flat[j * elements.count + i] = value }
    }
    var result = [Double](repeating: 0, count: elements.count)
    var span = result.mutableSpan
    var kernel = ExactMean(sourceCount: k)
    kernel.combine(flat.span, stride: elements.count, as: type, into: &span)
    return result
  }

  /// Whether no number of the type lies nearer to the exact mean: the doubled sum lies between the
  /// midpoints around the result, and on a midpoint only if the result is even.
  private func isNearest(_ result: UInt64, _ sources: [Double], _ type: ElementType) -> Bool {
    let infinity = infinityBits(type)
    let signBit = (infinity << 1) & ~infinity
    let isNegative = result & signBit != 0
    let magnitude = result & ~signBit
    // By symmetry the result is taken as positive.
    let sum = sources.map { WideInteger(isNegative ? -$0 : $0) }.reduce(.zero, +)
    let number = { (bits: UInt64) -> WideInteger in
      bits == infinity
        ? WideInteger(powerOfTwo: type == .float64 ? 1024 : type == .float16 ? 16 : 128)
        : WideInteger(value(bits, type))
    }
    let below = magnitude == 0 ? WideInteger(-value(1, type)) : number(magnitude - 1)
    let lower = (below + number(magnitude)) * sources.count
    let doubled = sum * 2
    if doubled < lower || (doubled == lower && magnitude & 1 == 1) { return false }
    if magnitude == infinity { return true }
    let upper = (number(magnitude) + number(magnitude + 1)) * sources.count
    return doubled < upper || (doubled == upper && magnitude & 1 == 0)
  }

  private func check(_ sources: [Double], _ type: ElementType) {
    let result = mean(sources, type)
    #expect(isNearest(result, sources, type), "\(type) mean of \(sources)")
    #expect(mean(sources.reversed(), type) == result)
  }

  static let counts = [1, 2, 3, 4, 5, 6, 7, 8, 10, 13, 64, 100, 257]

  /// Numbers of the type itself with near exponents: sums are exact, ties are common.
  @Test(arguments: floatTypes, counts)
  func nearbyValues(_ type: ElementType, _ k: Int) {
    var generator = SeededGenerator(seed: UInt64(k))
    for _ in 0..<40 {
      let sources = (0..<k).map { _ in
        value(bits(Double.random(in: 0.5..<2, using: &generator), type), type)
          * (Int.random(in: 0..<4, using: &generator) == 0 ? -1 : 1)
      }
      check(sources, type)
    }
  }

  /// Any finite pattern of the type: cancellation, subnormal numbers, overflow of the sum.
  @Test(arguments: floatTypes, counts)
  func anyFiniteValues(_ type: ElementType, _ k: Int) {
    var generator = SeededGenerator(seed: 1000 + UInt64(k))
    for _ in 0..<40 {
      check(
        (0..<k).map { _ in
          value(UInt64.random(in: 0..<infinityBits(type), using: &generator), type)
            * (Bool.random(using: &generator) ? -1 : 1)
        }, type)
    }
  }

  /// Sources of Float64 and any exponent, rounded to a narrow type.
  @Test(arguments: floatTypes, counts)
  func wideSources(_ type: ElementType, _ k: Int) {
    var generator = SeededGenerator(seed: 2000 + UInt64(k))
    for _ in 0..<30 {
      let scale = Int.random(in: -1100...1023, using: &generator)
      check(
        (0..<k).map { _ in
          Double(
            sign: Bool.random(using: &generator) ? .plus : .minus,
            exponent: min(1023, scale + Int.random(in: -70...0, using: &generator)),
            significand: Double.random(in: 1..<2, using: &generator))
        }, type)
    }
  }

  /// Sums that put the mean on a midpoint of the type, or a hair beside it.
  @Test(arguments: floatTypes, counts.filter { $0 > 2 })
  func midpointsAndTheirNeighbours(_ type: ElementType, _ k: Int) {
    var generator = SeededGenerator(seed: 3000 + UInt64(k))
    for _ in 0..<20 {
      let pattern = UInt64.random(in: 0..<infinityBits(type) - 1, using: &generator)
      let lower = value(pattern, type)
      let upper = value(pattern + 1, type)
      // Equally many of both neighbours, and for odd k their midpoint where Float64 has it.
      var sources = (0..<k).map { $0 < k / 2 ? lower : upper }
      if k % 2 == 1, type != .float64 { sources[k - 1] = (lower + upper) / 2 }
      check(sources, type)
      for tiny in [Double.leastNonzeroMagnitude, -Double.leastNonzeroMagnitude, 1e-30, -1e-30] {
        var disturbed = sources
        disturbed[0] += tiny
        check(disturbed, type)
        check(disturbed + [tiny * 0, tiny], type)
      }
    }
  }

  /// Below a power of two numbers lie twice as densely as above.
  @Test(arguments: counts)
  func aroundPowersOfTwo(_ k: Int) {
    var generator = SeededGenerator(seed: 3500 + UInt64(k))
    for _ in 0..<100 {
      let scale = Double(
        sign: .minus, exponent: Int.random(in: -40...40, using: &generator), significand: 1)
      check(
        (0..<k).map { _ in
          let steps = Double(Int.random(in: -4...4, using: &generator))
          return scale * (1 - (steps < 0 ? 2 * steps : steps) * 0x1p-53)
        }, .float64)
    }
  }

  @Test(arguments: floatTypes)
  func everyOrderGivesTheSameBits(_ type: ElementType) {
    var generator = SeededGenerator(seed: 4)
    let elements = (0..<50).map { _ in
      (0..<7).map { _ in
        Double.random(in: -1...1, using: &generator)
          * Double(
            sign: .plus, exponent: Int.random(in: -60...60, using: &generator), significand: 1)
      }
    }
    let expected = encoded(means(elements, type), type)
    for _ in 0..<100 {
      var order = Array(0..<7)
      order.shuffle(using: &generator)
      #expect(encoded(means(elements.map { e in order.map { e[$0] } }, type), type) == expected)
    }
  }

  @Test(arguments: floatTypes)
  func everyTileSizeGivesTheSameBits(_ type: ElementType) {
    var generator = SeededGenerator(seed: 5)
    for k in [1, 2, 3, 8] {
      let elements = (0..<67).map { i in
        (0..<k).map { _ in i % 5 == 0 ? 1e-40 : Double.random(in: -1...1, using: &generator) }
      }
      let expected = elements.map { mean($0, type) }
      for size in 1...67 {
        var result: [UInt64] = []
        for start in stride(from: 0, to: elements.count, by: size) {
          let tile = Array(elements[start..<min(start + size, elements.count)])
          result += means(tile, type).map { bits($0, type) }
        }
        #expect(result == expected)
      }
    }
  }

  @Test(arguments: floatTypes, [2, 3, 4, 9])
  func specialValues(_ type: ElementType, _ k: Int) {
    let rest = [Double](repeating: 1, count: k - 2)
    let infinity = infinityBits(type)
    #expect(mean([.infinity, 1] + rest, type) == infinity)
    #expect(value(mean([1, -.infinity] + rest, type), type) == -.infinity)
    #expect(value(mean([.infinity, -.infinity] + rest, type), type).isNaN)
    #expect(value(mean([.nan, 1] + rest, type), type).isNaN)
    #expect(value(mean([1, .nan] + rest, type), type).isNaN)
    let zeros = [Double](repeating: -0.0, count: k)
    #expect(value(mean(zeros, type), type).sign == .minus)
    #expect(mean(Array(zeros.dropLast()) + [0], type) == 0)
    let greatest = [Double](repeating: .greatestFiniteMagnitude, count: k)
    #expect(mean(greatest, type) == (type == .float64 ? infinity - 1 : infinity))
    let lost = [1e300, 1, -1e300, -1].prefix(k) + [Double](repeating: 0, count: max(0, k - 4))
    check(Array(lost), type)
  }

  /// The long integer alone, without the faster paths before it.
  @Test(arguments: floatTypes)
  func exactSumDivides(_ type: ElementType) throws {
    let format = try #require(FloatFormat(type))
    var generator = SeededGenerator(seed: 6)
    var sum = ExactSum()
    for _ in 0..<300 {
      let k = Int.random(in: 1...9, using: &generator)
      let sources = (0..<k).map { _ in
        let x = Double(bitPattern: generator.next())
        return x.isFinite ? x : 1
      }
      sum.reset()
      for x in sources { sum.add(x) }
      let result = sum.divided(by: k, roundedTo: format)
      #expect(isNearest(bits(result, type), sources, type))
      #expect(result.isNaN || value(bits(result, type), type) == result)
    }
  }
}
