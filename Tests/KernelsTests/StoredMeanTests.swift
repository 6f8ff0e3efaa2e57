import Checkpoints
import Kernels
import TestSupport
import Testing

/// The short way to the mean of k agrees with the long one, bit for bit, or says that it can't tell.
@Suite struct StoredMeanTests {
  private func storedMean(
    _ sources: [[UInt8]], _ type: ElementType, _ order: ByteOrder = .little
  ) -> [UInt8]? {
    var result = [UInt8](repeating: 0, count: sources[0].count)
    var span = result.mutableSpan
    var raw = unsafe span.mutableBytes
    let starts = sources.map { _ in 0 }
    return StoredMean.combine(sources, at: starts, as: type, order, into: &raw) ? result : nil
  }

  private func exactMean(
    _ sources: [[UInt8]], _ type: ElementType, _ order: ByteOrder = .little
  ) -> [UInt8] {
    let values = sources.flatMap { decoded($0, type, order) }
    let count = values.count / sources.count
    var result = [Double](repeating: 0, count: count)
    var span = result.mutableSpan
    var mean = ExactMean(sourceCount: sources.count)
    mean.combine(values.span, stride: count, as: type, into: &span)
    return encoded(result, type, order)
  }

  private func random(
    _ count: Int, _ type: ElementType, _ exponents: ClosedRange<Int>,
    _ generator: inout SeededGenerator, order: ByteOrder = .little
  ) -> [UInt8] {
    encoded(
      (0..<count).map { _ in
        Double(
          sign: Bool.random(using: &generator) ? .plus : .minus,
          exponent: Int.random(in: exponents, using: &generator),
          significand: Double.random(in: 1..<2, using: &generator))
      }, type, order)
  }

  @Test(arguments: [ElementType.float32, .float16, .bfloat16], [3, 4, 5, 7, 8, 16, 33])
  func agreesWithTheExactMean(_ type: ElementType, _ k: Int) {
    var generator = SeededGenerator(seed: UInt64(k))
    for order in KernelPathTests.orders {
      for count in [0, 1, 7, 8, 67, 1023, 1024, 1025, 3000] {
        let sources = (0..<k).map { _ in random(count, type, -14...0, &generator, order: order) }
        #expect(storedMean(sources, type, order) == exactMean(sources, type, order))
      }
    }
  }

  /// Subnormal numbers and zeros count with the unit of the smallest normal number.
  @Test(arguments: [ElementType.float32, .float16, .bfloat16])
  func nextToZero(_ type: ElementType) {
    let size = type.byteCount ?? 0
    var generator = SeededGenerator(seed: 31)
    let sources = (0..<5).map { _ in
      (0..<2000).flatMap { _ in
        let bits = UInt32.random(in: 0..<20, using: &generator)
        return (0..<size).map { UInt8(truncatingIfNeeded: bits >> UInt32(8 * $0)) }
      }
    }
    #expect(storedMean(sources, type) == exactMean(sources, type))
    let zeros = [[UInt8]](
      repeating: encoded([Double](repeating: -0.0, count: 9), type), count: 3)
    #expect(storedMean(zeros, type) == zeros[0])
  }

  /// At the very range that is allowed sums are exact; one power of two more is refused.
  @Test(arguments: [(ElementType.float32, 3, 27), (.float32, 8, 26), (.bfloat16, 8, 42)])
  func theRangeIsUsedUpToItsEnd(_ type: ElementType, _ k: Int, _ span: Int) {
    let tiny =
      (type == .float32 ? 1 + 0x1p-23 : 1 + 0x1p-7)
      * Double(
        sign: .plus, exponent: -span, significand: 1)
    let greatest = 2 - (type == .float32 ? 0x1p-23 : 0x1p-7)
    for small in [tiny, -tiny] {
      let rest = [[UInt8]](repeating: encoded([greatest], type), count: k - 1)
      let sources = rest + [encoded([small], type)]
      #expect(storedMean(sources, type) == exactMean(sources, type))
      #expect(storedMean(rest + [encoded([small / 2], type)], type) == nil)
    }
  }

  /// Any range of exponents: the same mean or none.
  @Test(arguments: [ElementType.float32, .bfloat16], [3, 8])
  func neverWrong(_ type: ElementType, _ k: Int) {
    var generator = SeededGenerator(seed: 33)
    for width in 0...60 {
      let sources = (0..<k).map { _ in random(3, type, -width...0, &generator) }
      if let mean = storedMean(sources, type) { #expect(mean == exactMean(sources, type)) }
    }
  }

  @Test(arguments: [ElementType.float32, .float16, .bfloat16])
  func valuesThatAreNotFiniteAreRefused(_ type: ElementType) {
    for bad in [Double.nan, .infinity, -.infinity] {
      for place in 0..<3 {
        var sources = [[UInt8]](
          repeating: encoded([Double](repeating: 1, count: 19), type), count: 3)
        var values = [Double](repeating: 1, count: 19)
        values[place * 9] = bad
        sources[place] = encoded(values, type)
        #expect(storedMean(sources, type) == nil)
      }
    }
  }
}
