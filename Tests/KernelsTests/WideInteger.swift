/// Just enough exact integer arithmetic to judge means: signed, of any length, slow.
struct WideInteger: Comparable {
  private var magnitude: [UInt32]
  private var isNegative: Bool

  private init(_ magnitude: [UInt32], isNegative: Bool) {
    var trimmed = magnitude
    while trimmed.last == 0 { trimmed.removeLast() }
    self.magnitude = trimmed
    self.isNegative = isNegative && !trimmed.isEmpty
  }

  static let zero = WideInteger([], isNegative: false)

  /// A finite value in units of 2^-1074.
  init(_ value: Double) {
    self = WideInteger.zero
    guard value != 0 else { return }
    let exponent = max(value.exponent, -1022) - 52
    let significand = UInt64(
      value.magnitude / Double(sign: .plus, exponent: exponent, significand: 1))
    self = WideInteger(
      [UInt32(truncatingIfNeeded: significand), UInt32(significand >> 32)],
      isNegative: value < 0
    ).shifted(by: exponent + 1074)
  }

  /// 2^exponent in units of 2^-1074.
  init(powerOfTwo exponent: Int) {
    self = WideInteger([1], isNegative: false).shifted(by: exponent + 1074)
  }

  func shifted(by count: Int) -> WideInteger {
    var words = [UInt32](repeating: 0, count: count / 32)
    var carry: UInt64 = 0
    for word in magnitude {
      carry |= UInt64(word) << UInt64(count % 32)
      words.append(UInt32(truncatingIfNeeded: carry))
      carry >>= 32
    }
    return WideInteger(words + [UInt32(carry)], isNegative: isNegative)
  }

  static func * (left: WideInteger, right: Int) -> WideInteger {
    var words: [UInt32] = []
    var carry: UInt64 = 0
    for word in left.magnitude {
      carry += UInt64(word) * UInt64(right)
      words.append(UInt32(truncatingIfNeeded: carry))
      carry >>= 32
    }
    return WideInteger(words + [UInt32(carry)], isNegative: left.isNegative)
  }

  static func + (left: WideInteger, right: WideInteger) -> WideInteger {
    if left.isNegative == right.isNegative {
      return WideInteger(sum(left.magnitude, right.magnitude), isNegative: left.isNegative)
    }
    return isLess(left.magnitude, right.magnitude)
      ? WideInteger(difference(right.magnitude, left.magnitude), isNegative: right.isNegative)
      : WideInteger(difference(left.magnitude, right.magnitude), isNegative: left.isNegative)
  }

  static func < (left: WideInteger, right: WideInteger) -> Bool {
    if left.isNegative != right.isNegative { return left.isNegative }
    return left.isNegative
      ? isLess(right.magnitude, left.magnitude) : isLess(left.magnitude, right.magnitude)
  }

  private static func isLess(_ a: [UInt32], _ b: [UInt32]) -> Bool {
    a.count != b.count ? a.count < b.count : a.reversed().lexicographicallyPrecedes(b.reversed())
  }

  private static func sum(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
    var carry: UInt64 = 0
    return (0...max(a.count, b.count)).map { i in
      carry += UInt64(i < a.count ? a[i] : 0) + UInt64(i < b.count ? b[i] : 0)
      defer { carry >>= 32 }
      return UInt32(truncatingIfNeeded: carry)
    }
  }

  private static func difference(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
    var borrow: Int64 = 0
    return a.indices.map { i in
      let word = Int64(a[i]) - Int64(i < b.count ? b[i] : 0) - borrow
      borrow = word < 0 ? 1 : 0
      return UInt32(truncatingIfNeeded: word)
    }
  }
}
