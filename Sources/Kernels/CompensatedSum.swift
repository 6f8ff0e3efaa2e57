internal import CKernels

/// A sum of Float64 values with twice the working precision.
///
/// Element i of the stream belongs to lane i mod 8, and the error of each addition (Knuth's TwoSum)
/// is added up apart: Ogita, Rump and Oishi, "Accurate sum and dot product" (2005), algorithm Sum2,
/// eight times side by side. So
///
///     |value - Σ x_i| <= u |Σ x_i| + n² u² Σ |x_i|      (u = 2^-53, about)
///
/// and the value depends on the stream alone: not on how it is cut into tiles, nor on the processor.
/// Where streams are summed apart and merged, it depends on where they were cut, too. A sum that
/// overflows is infinite or NaN, as one of ordinary additions is.
package struct CompensatedSum: Sendable {
  private var lanes = ctl_lane_sum()
  /// The number of values.
  package private(set) var count = 0

  /// The sum of no values.
  package init() {}

  /// Adds the next value of the stream.
  package mutating func add(_ value: Double) {
    unsafe withUnsafePointer(to: value) {
      unsafe ctl_compensated_sum($0, 1, count, false, &lanes)
    }
    count += 1
  }

  /// Adds the next values of the stream.
  package mutating func add(_ values: Span<Double>) {
    add(values, magnitudes: false)
  }

  /// Adds the magnitudes of the next values of the stream, for an L1 norm.
  package mutating func addMagnitudes(of values: Span<Double>) {
    add(values, magnitudes: true)
  }

  private mutating func add(_ values: Span<Double>, magnitudes: Bool) {
    // Safe: the kernel reads that many values.
    unsafe values.withUnsafeBufferPointer {
      unsafe ctl_compensated_sum($0.baseAddress, $0.count, count, magnitudes, &lanes)
    }
    count += values.count
  }

  /// Adds the sum of the stream that comes next.
  package mutating func add(_ other: CompensatedSum) {
    lanes.add(other.lanes)
    count += other.count
  }

  /// The sum, rounded once.
  package var value: Double { lanes.total }
}
