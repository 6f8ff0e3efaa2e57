internal import Checkpoints

/// The 8-bit floats of the Open Compute Project's specification, revision 1.0.
///
/// E5M2 is a short IEEE format. E4M3 has no infinity: its greatest exponent holds numbers up to 448,
/// and only the pattern of all ones is NaN; what would round to 480 or more is NaN.
enum EightBitFloats {
  private static let valuesE4M3 = (0...255).map { value(UInt8($0), .float8E4M3, isIEEE: false) }
  private static let valuesE5M2 = (0...255).map { value(UInt8($0), .float8E5M2, isIEEE: true) }

  /// Whether a type is one of the two.
  static func contains(_ type: ElementType) -> Bool {
    type == .float8E4M3 || type == .float8E5M2
  }

  /// The values of stored elements, exactly.
  static func decode(
    _ type: ElementType, from bytes: RawSpan, into values: inout MutableSpan<Double>
  ) {
    let table = type == .float8E4M3 ? valuesE4M3 : valuesE5M2
    precondition(bytes.byteCount == values.count)
    for i in values.indices {
      values[i] = table[Int(unsafe bytes.unsafeLoad(fromByteOffset: i, as: UInt8.self))]
    }
  }

  /// Values rounded once, ties to even.
  static func encode(
    _ values: Span<Double>, as type: ElementType, into bytes: inout MutableRawSpan
  ) {
    guard let format = FloatFormat(type) else { return }
    precondition(bytes.byteCount == values.count)
    for i in values.indices {
      bytes.storeBytes(
        of: pattern(values[i], format, isIEEE: type == .float8E5M2), toByteOffset: i,
        as: UInt8.self)
    }
  }

  private static func pattern(_ x: Double, _ format: FloatFormat, isIEEE: Bool) -> UInt8 {
    let sign: UInt8 = x.sign == .minus ? 0x80 : 0
    let fractionBits = format.precision - 1
    if x.isNaN {
      // The quiet bit is the first one of the fraction in both types.
      return sign | (isIEEE ? 0x7E | UInt8(x.bitPattern >> 50 & 3) : 0x7F)
    }
    let magnitude = format.roundedMagnitude(x)
    guard magnitude < format.limit else { return sign | (isIEEE ? 0x7C : 0x7F) }
    let smallest = Double(sign: .plus, exponent: format.minimumExponent, significand: 1)
    if magnitude < smallest {
      // Subnormal: so many times the last bit.
      return sign | UInt8(magnitude / smallest * Double(1 << fractionBits))
    }
    let field = Int(magnitude.exponent) - format.minimumExponent + 1
    let fraction = (magnitude.bitPattern & 0x000F_FFFF_FFFF_FFFF) >> UInt64(52 - fractionBits)
    return sign | UInt8(field << fractionBits | Int(fraction))
  }

  private static func value(_ pattern: UInt8, _ type: ElementType, isIEEE: Bool) -> Double {
    guard let format = FloatFormat(type) else { return .nan }
    let sign: FloatingPointSign = pattern & 0x80 == 0 ? .plus : .minus
    let fractionBits = format.precision - 1
    let fraction = Int(pattern) & (1 << fractionBits - 1)
    let field = Int(pattern & 0x7F) >> fractionBits
    if isIEEE, field == 31 {
      if fraction == 0 { return Double(sign: sign, exponent: 0, significand: .infinity) }
      let bits = 0x7FF8_0000_0000_0000 | UInt64(fraction) << 50 | (sign == .minus ? 1 << 63 : 0)
      return Double(bitPattern: bits)
    }
    if !isIEEE, pattern & 0x7F == 0x7F { return sign == .minus ? -.nan : .nan }
    let significand = field == 0 ? fraction : fraction | 1 << fractionBits
    return Double(
      sign: sign, exponent: max(field, 1) - 1 + format.minimumExponent - fractionBits,
      significand: Double(significand))
  }
}
