import Checkpoints
import Kernels
import TestSupport
import Testing

/// Decoding and encoding of the types that hardware knows, byte orders, and special values.
@Suite struct ElementCodingTests {
  @Test func float32RoundsAsTheProcessorDoes() {
    var generator = SeededGenerator(seed: 32)
    let values =
      (0..<50_000).map { _ in Double(bitPattern: generator.next()) }
      + (0..<50_000).map { _ in
        Double(
          sign: .plus, exponent: Int.random(in: -155...130, using: &generator),
          significand: Double.random(in: 1..<2, using: &generator))
      }
    let bytes = encoded(values, .float32)
    for (i, x) in values.enumerated() where !x.isNaN {
      #expect(integer(bytes[4 * i..<4 * i + 4]) == UInt64(Float(x).bitPattern))
    }
  }

  @Test(arguments: floatTypes)
  func bigEndianIsLittleEndianReversed(_ type: ElementType) {
    var generator = SeededGenerator(seed: 1)
    let values =
      (0..<37).map { _ in Double.random(in: -9...9, using: &generator) } + [.nan, -.infinity]
    let size = type.byteCount ?? 0
    let little = encoded(values, type, .little)
    let big = encoded(values, type, .big)
    for i in values.indices {
      #expect(Array(little[i * size..<(i + 1) * size]) == big[i * size..<(i + 1) * size].reversed())
    }
    let decodedValues = decoded(big, type, .big)
    #expect(decodedValues.map(\.bitPattern) == decoded(little, type, .little).map(\.bitPattern))
  }

  @Test(arguments: floatTypes)
  func specialValuesSurvive(_ type: ElementType) {
    let negativeNaN = Double(bitPattern: 0xFFF8_0000_0000_0000)
    let again = decoded(
      encoded([.nan, negativeNaN, .infinity, -.infinity, 0, -0.0, 1.5, -2], type), type)
    #expect(again[0].isNaN && again[0].sign == .plus)
    #expect(again[1].isNaN && again[1].sign == .minus)
    #expect(
      again[2...].map(\.bitPattern) == [.infinity, -.infinity, 0, -0.0, 1.5, -2].map(\.bitPattern))
  }

  /// A NaN whose payload lies below the narrow type's bits must not become infinity.
  @Test(arguments: floatTypes)
  func nanWithLowPayloadStaysNaN(_ type: ElementType) {
    let x = Double(bitPattern: 0x7FF0_0000_0000_0001)
    #expect(decoded(encoded([1, x], type), type)[1].isNaN)
  }

  @Test(arguments: floatTypes)
  func overflowAndUnderflow(_ type: ElementType) {
    let least = value(1, type)
    let greatest = value(infinityBits(type) - 1, type)
    #expect(bits(greatest, type) == infinityBits(type) - 1)
    #expect(bits(least, type) == 1)
    guard type != .float64 else { return }
    #expect(bits(least / 2, type) == 0)
    #expect(bits((least / 2).nextUp, type) == 1)
    #expect(bits(Double.leastNonzeroMagnitude, type) == 0)
    #expect(bits(.greatestFiniteMagnitude, type) == infinityBits(type))
  }

  @Test func integersDecode() {
    #expect(decoded([0x80, 0x7F, 0xFF], .int8) == [-128, 127, -1])
    #expect(decoded([0x80, 0x7F, 0xFF], .uint8) == [128, 127, 255])
    #expect(decoded([0, 1], .bool) == [0, 1])
    #expect(decoded([0xFE, 0xFF, 0x01, 0x80], .int16) == [-2, -32767])
    #expect(decoded([0xFF, 0xFE, 0x80, 0x01], .int16, .big) == [-2, -32767])
    #expect(decoded([0xFE, 0xFF], .uint16) == [65534])
    #expect(decoded([0, 0, 0, 0x80], .int32) == [-0x1p31])
    #expect(decoded([0, 0, 0, 0x80], .uint32) == [0x1p31])
    #expect(decoded([0x80, 0, 0, 0, 0, 0, 0, 0], .int64, .big) == [-0x1p63])
    #expect(decoded([UInt8](repeating: 0xFF, count: 8), .uint64) == [0x1p64])
    #expect(decoded([1, 0, 0, 0, 0, 0, 0x20, 0], .int64) == [0x1p53])
  }

  /// Elements start anywhere in a file; lengths around the vector width are handled alike.
  @Test(arguments: floatTypes)
  func unalignedAndEveryShortLength(_ type: ElementType) {
    var generator = SeededGenerator(seed: 5)
    let size = type.byteCount ?? 0
    for count in 0...67 {
      let values = (0..<count).map { _ in Double.random(in: -1...1, using: &generator) }
      let expected = values.flatMap { encoded([$0], type) }
      #expect(encoded(values, type) == expected)
      let shifted = [0x55] + expected
      var again = [Double](repeating: 0, count: count)
      var span = again.mutableSpan
      unsafe ElementDecoding.decode(
        type, .little, from: shifted.span.bytes.extracting(1..<(1 + count * size)), into: &span)
      #expect(again == decoded(expected, type))
    }
  }
}
