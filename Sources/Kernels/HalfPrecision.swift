/// The two 16-bit formats as bits.
///
/// The conversions are free of branches, so that loops over them vectorise. Tables of 65,536 entries
/// gain little over these few operations and push the tiles out of the first-level cache.
///
/// Both formats' numbers are Float32 numbers. Writing one takes two steps: rounding a Float64 to the
/// format (``FloatFormat/roundedMagnitude(_:)``), which gives a Float32 exactly, and its bits.
enum HalfPrecision {
  /// The value of IEEE 754 binary16 bits, exactly.
  ///
  /// The exponent is re-biased (by 112; twice that for infinities and NaN). A subnormal number m is
  /// read as 2^-14 + m, from which 2^-14 is taken away, because arithmetic on subnormal Float32 is
  /// slow on many processors.
  @inline(__always)
  static func float(binary16 bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) &<< 16
    let magnitude = UInt32(bits & 0x7FFF) &<< 13
    let subnormal = Float(bitPattern: magnitude &+ (113 &<< 23)) - 0x1p-14
    let isInfinite = mask(0x0F7F_FFFF, isBelow: magnitude)
    let other = magnitude &+ (112 &<< 23) &+ (isInfinite & (112 &<< 23))
    let value = select(mask(magnitude, isBelow: 0x0080_0000), subnormal.bitPattern, other)
    return Float(bitPattern: value | sign)
  }

  /// The value of bfloat16 bits, exactly: the upper half of a Float32.
  @inline(__always)
  static func float(bfloat16 bits: UInt16) -> Float {
    Float(bitPattern: UInt32(bits) &<< 16)
  }

  /// The bits of a binary16 number; ±2^16 stands for infinity.
  @inline(__always)
  static func binary16(exactly value: Float) -> UInt16 {
    let magnitude = value.bitPattern & 0x7FFF_FFFF
    let normal = (magnitude &- (112 &<< 23)) &>> 13
    // The last bit of a Float32 in [0.5, 1) is 2^-24, the unit of binary16's subnormal numbers.
    let subnormal = (Float(bitPattern: magnitude) + 0.5).bitPattern &- (0.5 as Float).bitPattern
    let isSubnormal = mask(magnitude, isBelow: 113 &<< 23)
    let sign = value.bitPattern &>> 16 & 0x8000
    return UInt16(truncatingIfNeeded: select(isSubnormal, subnormal, normal) | sign)
  }

  /// The binary16 number nearest to a Float32 below 65520 in magnitude, ties to even.
  @inline(__always)
  static func binary16(nearestTo value: Float) -> UInt16 {
    let magnitude = value.bitPattern & 0x7FFF_FFFF
    // Adding just under half a unit, and the last bit that stays, carries where it rounds up.
    let rounded = magnitude &+ 0x0FFF &+ (magnitude &>> 13 & 1)
    let normal = (rounded &- (112 &<< 23)) &>> 13
    let subnormal = (Float(bitPattern: magnitude) + 0.5).bitPattern &- (0.5 as Float).bitPattern
    let isSubnormal = mask(magnitude, isBelow: 113 &<< 23)
    let sign = value.bitPattern &>> 16 & 0x8000
    return UInt16(truncatingIfNeeded: select(isSubnormal, subnormal, normal) | sign)
  }

  /// The bfloat16 number nearest to a finite Float32, ties to even.
  @inline(__always)
  static func bfloat16(nearestTo value: Float) -> UInt16 {
    let bits = value.bitPattern
    return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits &>> 16 & 1)) &>> 16)
  }

  /// The bits of a bfloat16 number.
  @inline(__always)
  static func bfloat16(exactly value: Float) -> UInt16 {
    UInt16(truncatingIfNeeded: value.bitPattern &>> 16)
  }

  /// A NaN as quiet binary16, sign and upper payload kept.
  static func binary16(nan x: Double) -> UInt16 {
    signBit(x) | 0x7E00 | UInt16(truncatingIfNeeded: x.bitPattern &>> 42) & 0x01FF
  }

  /// A NaN as quiet bfloat16, sign and upper payload kept.
  static func bfloat16(nan x: Double) -> UInt16 {
    signBit(x) | 0x7FC0 | UInt16(truncatingIfNeeded: x.bitPattern &>> 45) & 0x003F
  }

  private static func signBit(_ x: Double) -> UInt16 {
    UInt16(truncatingIfNeeded: x.bitPattern &>> 48) & 0x8000
  }

  /// All bits set where a < b, none otherwise, for numbers below 2^31.
  @inline(__always)
  private static func mask(_ a: UInt32, isBelow b: UInt32) -> UInt32 {
    UInt32(bitPattern: Int32(bitPattern: a &- b) &>> 31)
  }

  /// Picks by a mask instead of a branch, which compilers can't always turn into a vector.
  @inline(__always)
  private static func select(_ mask: UInt32, _ a: UInt32, _ b: UInt32) -> UInt32 {
    (a & mask) | (b & ~mask)
  }
}
