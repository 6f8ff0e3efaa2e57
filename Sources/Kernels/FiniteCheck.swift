/// Questions about all values of a tile, asked at the speed of memory.
package enum FiniteCheck {
  /// Whether no value is infinite or NaN.
  package static func allFinite(_ values: Span<Double>) -> Bool {
    // x - x is +0 for a finite x and NaN for the others; bits can be gathered in any order, sums of
    // floating-point numbers can't, so this loop vectorises.
    var bits: UInt64 = 0
    for i in values.indices { bits |= (values[i] - values[i]).bitPattern }
    return bits == 0
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
