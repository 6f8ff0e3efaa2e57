internal import CKernels

/// A line through the elements of a stream: which ones rank high enough to be kept.
///
/// Of two elements the one with the greater magnitude (or value) ranks higher, and among equals the
/// one with the lower index; so exactly as many are kept as were asked for.
package struct Cutoff: Sendable, Equatable {
  /// What elements are ranked by.
  package let order: RankOrder
  /// Elements with greater keys are kept.
  let key: Int64
  /// Of the elements with this very key those up to this index are kept.
  let lastIndex: Int

  /// Keeps everything.
  static func everything(_ order: RankOrder) -> Cutoff {
    Cutoff(order: order, key: order.leastKey, lastIndex: .max)
  }

  /// Keeps nothing.
  static func nothing(_ order: RankOrder) -> Cutoff {
    Cutoff(order: order, key: RankOrder.greatestKey, lastIndex: -1)
  }

  /// The magnitude (or value) of the lowest element that is kept, which makes it a quantile.
  ///
  /// Of a cutoff that keeps nothing it is NaN; of one that keeps everything without a search the
  /// least there can be.
  package var threshold: Double { order.value(of: key) }

  /// Whether the element of this value and index is kept.
  @inline(__always)
  package func keeps(_ value: Double, at index: Int) -> Bool {
    let other = order.key(of: value)
    return other > key || (other == key && index <= lastIndex)
  }

  /// Sets the elements that aren't kept to +0; the first one has the index `firstIndex`.
  package func apply(to values: inout MutableSpan<Double>, firstIndex: Int) {
    // Up to the last index equals are kept, after it they aren't.
    let (distance, overflows) = lastIndex.subtractingReportingOverflow(firstIndex)
    let head = overflows || distance >= values.count ? values.count : max(0, distance + 1)
    unsafe values.withUnsafeMutableBufferPointer { values in
      guard let start = values.baseAddress else { return }
      // Safe: both stretches lie in the span. No key is the greatest integer.
      unsafe ctl_clear_below(order.kernelOrder, start, head, key)
      unsafe ctl_clear_below(order.kernelOrder, start + head, values.count - head, key + 1)
    }
  }
}
