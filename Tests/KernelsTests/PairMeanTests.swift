import Checkpoints
import Kernels
import TestSupport
import Testing

/// The short way to the mean of two agrees with the long one, bit for bit.
@Suite struct PairMeanTests {
  private func pairMean(
    _ a: [UInt8], _ b: [UInt8], _ type: ElementType, _ order: ByteOrder
  ) -> [UInt8]? {
    var result = [UInt8](repeating: 0, count: a.count)
    var span = result.mutableSpan
    var raw = unsafe span.mutableBytes
    let isFinite = unsafe PairMean.combine(a.span.bytes, b.span.bytes, as: type, order, into: &raw)
    return isFinite ? result : nil
  }

  private func exactMean(
    _ a: [UInt8], _ b: [UInt8], _ type: ElementType, _ order: ByteOrder
  ) -> [UInt8] {
    let sources = decoded(a, type, order) + decoded(b, type, order)
    var result = [Double](repeating: 0, count: sources.count / 2)
    var span = result.mutableSpan
    var mean = ExactMean(sourceCount: 2)
    mean.combine(sources.span, stride: sources.count / 2, as: type, into: &span)
    return encoded(result, type, order)
  }

  /// Patterns whose exponents are below the greatest, so that no sum overflows.
  private func patterns(
    _ count: Int, _ type: ElementType, _ generator: inout SeededGenerator
  ) -> [UInt8] {
    let fractionBits: UInt64 =
      switch type {
      case .float64: 52
      case .float32: 23
      case .float16: 10
      default: 7
      }
    let limit = infinityBits(type) - (1 << fractionBits)
    return (0..<count).flatMap { _ in
      let magnitude = UInt64.random(in: 0..<limit, using: &generator)
      let sign: UInt64 =
        Bool.random(using: &generator) ? 1 << UInt64(8 * (type.byteCount ?? 0) - 1) : 0
      return (0..<(type.byteCount ?? 0)).map {
        UInt8(truncatingIfNeeded: (magnitude | sign) >> UInt64(8 * $0))
      }
    }
  }

  @Test(arguments: floatTypes, [ByteOrder.little, .big])
  func anyPatterns(_ type: ElementType, _ order: ByteOrder) {
    var generator = SeededGenerator(seed: 11)
    for count in Array(0...67) + [20_000] {
      let a = patterns(count, type, &generator)
      let b = patterns(count, type, &generator)
      if order == .little {
        #expect(pairMean(a, b, type, order) == exactMean(a, b, type, order))
      } else {
        // The same numbers, their bytes reversed.
        let (x, y) = (decoded(a, type), decoded(b, type))
        let (p, q) = (encoded(x, type, .big), encoded(y, type, .big))
        #expect(pairMean(p, q, type, .big) == exactMean(p, q, type, .big))
      }
    }
  }

  /// Near exponents, where ties and cancellation are common, down to the subnormal numbers.
  @Test(arguments: floatTypes)
  func nearbyPatterns(_ type: ElementType) {
    var generator = SeededGenerator(seed: 12)
    let size = type.byteCount ?? 0
    let top = infinityBits(type) / 2
    for start in [0, top / 4, top / 2, top] {
      let bits = {
        (0..<30_000).map { _ in start + UInt64.random(in: 0..<5000, using: &generator) }
      }
      let bytes = { (patterns: [UInt64]) in
        patterns.flatMap { p in (0..<size).map { UInt8(truncatingIfNeeded: p >> UInt64(8 * $0)) } }
      }
      let a = bytes(bits())
      let b = bytes(bits())
      #expect(pairMean(a, b, type, .little) == exactMean(a, b, type, .little))
    }
  }

  /// All 16-bit numbers with a few others, each of which is far, near or tiny for some of them.
  @Test(arguments: [ElementType.float16, .bfloat16])
  func allPatternsOf16Bits(_ type: ElementType) {
    let infinity = UInt16(infinityBits(type))
    let all = (0..<infinity).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    for other in [0, 1, 2, 3, 0x8001, 0x0401, 0x3BFF, 0xBC01, infinity / 2 + 1, 0x8000] as [UInt16]
    {
      let bytes = (0..<infinity).flatMap { _ in
        [UInt8(truncatingIfNeeded: other), UInt8(other >> 8)]
      }
      #expect(pairMean(all, bytes, type, .little) == exactMean(all, bytes, type, .little))
    }
  }

  @Test(arguments: floatTypes)
  func sumsThatAreNotFiniteAreReported(_ type: ElementType) {
    let one = encoded([Double](repeating: 1, count: 19), type)
    for bad in [Double.nan, .infinity, -.infinity] {
      for place in 0..<19 {
        var values = [Double](repeating: 1, count: 19)
        values[place] = bad
        #expect(pairMean(one, encoded(values, type), type, .little) == nil)
        #expect(pairMean(encoded(values, type), one, type, .little) == nil)
      }
    }
    let greatest = encoded([value(infinityBits(type) - 1, type)], type)
    // Two greatest halves are an ordinary sum of Float32; the other types' sums overflow.
    let mean = pairMean(greatest, greatest, type, .little)
    #expect(type == .float16 ? mean == greatest : mean == nil)
  }
}
