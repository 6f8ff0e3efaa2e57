import Checkpoints
import Kernels
import TestSupport
import Testing

/// The 16-bit types: every pattern, and every place where rounding could go wrong.
@Suite struct HalfPrecisionTests {
  static let types: [ElementType] = [.float16, .bfloat16]

  /// The value of a 16-bit pattern by the definition of the format.
  private func defined(_ pattern: UInt16, _ type: ElementType) -> Double {
    let fractionBits = type == .float16 ? 10 : 7
    let exponentBits = 15 - fractionBits
    let bias = (1 << (exponentBits - 1)) - 1
    let field = Int(pattern >> UInt16(fractionBits)) & ((1 << exponentBits) - 1)
    let fraction = Int(pattern) & ((1 << fractionBits) - 1)
    let sign: FloatingPointSign = pattern >> 15 == 1 ? .minus : .plus
    if field == (1 << exponentBits) - 1 {
      return fraction == 0 ? (sign == .minus ? -.infinity : .infinity) : .nan
    }
    let significand = field == 0 ? fraction : fraction + (1 << fractionBits)
    let exponent = max(field, 1) - bias - fractionBits
    return Double(sign: sign, exponent: exponent, significand: Double(significand))
  }

  @Test(arguments: types, [ByteOrder.little, .big])
  func everyPatternDecodesByDefinitionAndReturns(_ type: ElementType, _ order: ByteOrder) {
    let patterns = (0...UInt16.max).map { order == .little ? $0.littleEndian : $0.bigEndian }
    let bytes = patterns.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let values = decoded(bytes, type, order)
    let again = encoded(values, type, order)
    let quietBit: UInt16 = type == .float16 ? 0x0200 : 0x0040
    var wrong = 0
    for pattern in 0...UInt16.max {
      let i = Int(pattern)
      let expected = defined(pattern, type)
      let pair = integer(
        order == .little ? again[2 * i..<2 * i + 2] : [again[2 * i + 1], again[2 * i]])
      if expected.isNaN {
        // A signalling NaN becomes quiet; sign and payload stay.
        if !values[i].isNaN || pair != UInt64(pattern | quietBit) { wrong += 1 }
      } else if values[i].bitPattern != expected.bitPattern || pair != UInt64(pattern) {
        wrong += 1
      }
    }
    #expect(wrong == 0)
  }

  /// Midpoints go to the even neighbour, and one unit of Float64 beside them to the nearer one.
  @Test(arguments: types)
  func everyMidpointRoundsToEven(_ type: ElementType) {
    let infinity = UInt16(infinityBits(type))
    var inputs: [Double] = []
    var expected: [UInt16] = []
    for lower in 0..<infinity {
      let upper = lower + 1
      let above =
        upper == infinity
        ? (type == .float16 ? 0x1p16 : 0x1p128) : defined(upper, type)
      let midpoint = (defined(lower, type) + above) / 2
      inputs += [midpoint, midpoint.nextUp, midpoint.nextDown]
      expected += [lower & 1 == 0 ? lower : upper, upper, lower]
    }
    inputs += inputs.map { -$0 }
    expected += expected.map { $0 | 0x8000 }
    let bytes = encoded(inputs, type)
    let wrong = inputs.indices.filter {
      integer(bytes[2 * $0..<2 * $0 + 2]) != UInt64(expected[$0])
    }
    #expect(wrong.isEmpty, "first: \(wrong.first.map { inputs[$0] } ?? 0)")
  }

  #if !(os(macOS) && arch(x86_64))
    @Test func float16AgreesWithTheStandardLibrary() {
      var generator = SeededGenerator(seed: 16)
      for _ in 0..<200_000 {
        let exponent = Int.random(in: -30...18, using: &generator)
        let x = Double(
          sign: Bool.random(using: &generator) ? .plus : .minus, exponent: exponent,
          significand: Double.random(in: 1..<2, using: &generator))
        #expect(bits(x, .float16) == UInt64(Float16(x).bitPattern))
      }
    }
  #endif
}
