internal import CKernels

/// What elements are ranked by.
///
/// NaN ranks above everything; -0 and +0 are equal.
package enum RankOrder: Sendable {
  /// |x|.
  case magnitude
  /// x itself.
  case value

  /// The order as the C kernels know it.
  var kernelOrder: ctl_rank_order {
    switch self {
    case .magnitude: ctl_by_magnitude
    case .value: ctl_by_value
    }
  }

  /// The key of NaN, the greatest one.
  static let greatestKey: Int64 = 0x7FF0_0000_0000_0001

  /// The least key.
  var leastKey: Int64 { self == .magnitude ? 0 : -Int64(bitPattern: Double.infinity.bitPattern) }

  /// An integer that is ordered as the values are.
  @inline(__always)
  func key(of value: Double) -> Int64 {
    let bits = Int64(bitPattern: value.bitPattern)
    let magnitude = bits & .max
    if magnitude >= RankOrder.greatestKey { return RankOrder.greatestKey }
    return self == .magnitude || bits >= 0 ? magnitude : -magnitude
  }

  /// The value (or magnitude) of a key.
  func value(of key: Int64) -> Double {
    let magnitude = Double(bitPattern: key.magnitude)
    return key < 0 ? -magnitude : magnitude
  }
}
