internal import CKernels
package import Checkpoints

/// Questions about all values of a tile, asked at the speed of memory.
package enum FiniteCheck {
  /// Whether no value is infinite or NaN.
  package static func allFinite(_ values: Span<Double>) -> Bool {
    allFinite(values, scaledBy: 1)
  }

  /// Whether every value stays finite when it is rounded to a floating-point type.
  ///
  /// - Parameters:
  ///   - values: The values.
  ///   - type: A floating-point type; anything else is a fault of the caller.
  /// - Returns: Whether encoding gives no infinity and no NaN.
  package static func allFinite(_ values: Span<Double>, as type: ElementType) -> Bool {
    guard let format = FloatFormat(type) else {
      preconditionFailure("values can't be rounded to \(type)")
    }
    // First a test that vectorises: scaled so that half of the limit overflows, a value less itself
    // is +0 if it is small enough and NaN otherwise.
    let scale = format.limit.isFinite ? 0x1p1023 / format.limit * 4 : 1
    if allFinite(values, scaledBy: scale) { return true }
    let bound = format.overflowBound
    for i in values.indices where !(values[i].magnitude < bound) { return false }
    return true
  }

  private static func allFinite(_ values: Span<Double>, scaledBy scale: Double) -> Bool {
    unsafe values.withUnsafeBufferPointer {
      unsafe ctl_all_finite($0.baseAddress, scale, $0.count)
    }
  }

  /// Whether a value is NaN.
  package static func containsNaN(_ values: Span<Double>) -> Bool {
    var found: UInt64 = 0
    for i in values.indices { found |= values[i].isNaN ? 1 : 0 }
    return found != 0
  }
}

/// The rule that variances obey.
package enum NonNegativeCheck {
  /// Whether no value is below zero; NaN and -0 aren't below.
  package static func allNonNegative(_ values: Span<Double>) -> Bool {
    var found: UInt64 = 0
    for i in values.indices { found |= values[i] < 0 ? 1 : 0 }
    return found == 0
  }

  /// Sets the values below zero to zero and returns how many there were.
  package static func clamp(_ values: inout MutableSpan<Double>) -> Int {
    var count = 0
    for i in values.indices {
      let value = values[i]
      count &+= value < 0 ? 1 : 0
      values[i] = value < 0 ? 0 : value
    }
    return count
  }
}
