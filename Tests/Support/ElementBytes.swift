package import Checkpoints

/// Bytes of elements by the letter of IEEE 754, apart from the package's own conversions.
package enum ElementBytes {
  /// Significant bits (the hidden one included) and the exponent of the least normal number.
  private static func precision(_ type: ElementType) -> (bits: Int, least: Int, exponentBits: Int) {
    switch type {
    case .float16: (11, -14, 5)
    case .bfloat16: (8, -126, 8)
    case .float32: (24, -126, 8)
    default: (53, -1022, 11)
    }
  }

  /// The bits of a value rounded once to the nearest number of a type, ties to even.
  package static func bits(_ value: Double, as type: ElementType) -> UInt64 {
    if type == .float64 { return value.bitPattern }
    let (bits, least, exponentBits) = precision(type)
    let sign = UInt64(value.sign == .minus ? 1 : 0) << UInt64(bits - 1 + exponentBits)
    let infinity = ((UInt64(1) << UInt64(exponentBits)) - 1) << UInt64(bits - 1)
    if value.isNaN { return sign | infinity | (UInt64(1) << UInt64(bits - 2)) }
    if value.isInfinite { return sign | infinity }
    if value == 0 { return sign }
    let exponent = max(Int(value.exponent), least)
    // In units of the last place the value is a number whose rounding to an integer is the
    // rounding asked for; a carry runs into the exponent's bits, and from the greatest into infinity.
    let unit = Double(sign: .plus, exponent: exponent - (bits - 1), significand: 1)
    let count = UInt64((value.magnitude / unit).rounded(.toNearestOrEven))
    let magnitude = (UInt64(exponent - least) << UInt64(bits - 1)) + count
    return sign | min(magnitude, infinity)
  }

  /// The value of bits of a type.
  package static func value(_ pattern: UInt64, as type: ElementType) -> Double {
    if type == .float64 { return Double(bitPattern: pattern) }
    let (bits, least, exponentBits) = precision(type)
    let fraction = pattern & ((UInt64(1) << UInt64(bits - 1)) - 1)
    let field = Int(pattern >> UInt64(bits - 1) & ((UInt64(1) << UInt64(exponentBits)) - 1))
    let isNegative = pattern >> UInt64(bits - 1 + exponentBits) & 1 == 1
    let sign = isNegative ? FloatingPointSign.minus : .plus
    if field == (1 << exponentBits) - 1 {
      return fraction != 0 ? .nan : isNegative ? -.infinity : .infinity
    }
    let significand = field == 0 ? fraction : fraction + (UInt64(1) << UInt64(bits - 1))
    let exponent = max(field, 1) - 1 + least - (bits - 1)
    return Double(sign: sign, exponent: exponent, significand: Double(significand))
  }

  /// Values as a file stores them.
  package static func encode(
    _ values: [Double], as type: ElementType, _ order: ByteOrder = .little
  ) -> [UInt8] {
    values.flatMap { value in
      let size = type.byteCount ?? 0
      let pattern =
        type.isFloatingPoint ? bits(value, as: type) : UInt64(bitPattern: Int64(value))
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: pattern >> UInt64(8 * $0)) }
      return order == .little ? bytes : bytes.reversed()
    }
  }

  /// The values of a file's bytes; floating-point types only.
  package static func decode(
    _ bytes: [UInt8], as type: ElementType, _ order: ByteOrder = .little
  ) -> [Double] {
    let size = type.byteCount ?? 1
    return stride(from: 0, to: bytes.count, by: size).map { start in
      let element = Array(bytes[start..<start + size])
      let little = order == .little ? element : element.reversed()
      return value(little.reversed().reduce(0) { $0 << 8 | UInt64($1) }, as: type)
    }
  }
}
