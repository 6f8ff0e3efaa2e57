internal import Checkpoints

/// A binary floating-point format that values of Float64 are rounded into.
///
/// Half-precision numbers are kept as bits and never as `Float16`, which doesn't exist on every
/// platform and is a library call per element on plain x86-64.
struct FloatFormat {
  /// The significant bits, the hidden one included.
  let precision: Int
  /// The exponent of the smallest normal number.
  let minimumExponent: Int
  /// The number that would follow the greatest finite one: what rounds to it isn't finite.
  let limit: Double

  static let float64 = FloatFormat(precision: 53, minimumExponent: -1022, limit: .infinity)
  static let float32 = FloatFormat(precision: 24, minimumExponent: -126, limit: 0x1p128)
  static let float16 = FloatFormat(precision: 11, minimumExponent: -14, limit: 0x1p16)
  static let bfloat16 = FloatFormat(precision: 8, minimumExponent: -126, limit: 0x1p128)
  static let float8E4M3 = FloatFormat(precision: 4, minimumExponent: -6, limit: 480)
  static let float8E5M2 = FloatFormat(precision: 3, minimumExponent: -14, limit: 0x1p16)

  /// The format of an element type, or nil where it isn't a floating-point type.
  init?(_ type: ElementType) {
    switch type {
    case .float64: self = .float64
    case .float32: self = .float32
    case .float16: self = .float16
    case .bfloat16: self = .bfloat16
    case .float8E4M3: self = .float8E4M3
    case .float8E5M2: self = .float8E5M2
    default: return nil
    }
  }

  private init(precision: Int, minimumExponent: Int, limit: Double) {
    self.precision = precision
    self.minimumExponent = minimumExponent
    self.limit = limit
  }

  /// What is below it rounds to a finite number.
  var overflowBound: Double {
    guard limit.isFinite else { return .infinity }
    // Half of the step between the greatest number and the limit.
    let half = Double(
      sign: .plus, exponent: Int(limit.nextDown.exponent) - precision, significand: 1)
    // A tie goes to the even one: the limit where it is a power of two, else the number below.
    return limit.significand == 1 ? limit - half : (limit - half).nextUp
  }

  /// The magnitude of x, rounded once to the format, ties to even.
  ///
  /// `limit` stands for what is too large, and is also the answer for NaN. Not for float64.
  ///
  /// With 2^e <= |x| < 2^(e+1), the sum |x| + 2^(e + 53 - precision) has its last bit where the
  /// format has it, so the processor's own rounding is the one that is wanted; taking the power away
  /// again is exact. Below the smallest normal exponent the last bit stays where it is, which gives
  /// the subnormal numbers. No branch: the loops over this vectorise.
  @inline(__always)
  func roundedMagnitude(_ x: Double) -> Double {
    let magnitude = x.magnitude < limit ? x.magnitude : limit
    let shift = UInt64(truncatingIfNeeded: 53 &- precision) &<< 52
    let power = Double(bitPattern: (magnitude.bitPattern & 0x7FF0_0000_0000_0000) &+ shift)
    let smallest = Double(
      bitPattern: UInt64(truncatingIfNeeded: minimumExponent &+ 53 &- precision &+ 1023) &<< 52)
    let anchor = power > smallest ? power : smallest
    return (magnitude + anchor) - anchor
  }

  /// x rounded to the format, ties to even, as a Float64.
  func rounded(_ x: Double) -> Double {
    if precision == 53 || x.isNaN { return x }
    let magnitude = roundedMagnitude(x)
    return Double(signOf: x, magnitudeOf: magnitude < limit ? magnitude : .infinity)
  }
}
