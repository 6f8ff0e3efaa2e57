internal import CKernels

/// The steps of linear formulas over tiles of Float64.
///
/// Each step rounds exactly as written (no fused multiply-add), and a formula is a sequence of steps
/// in the order of the sources; so results don't depend on the processor or the size of a tile.
///
///     Σ c_i x_i / d             assign x_0 by c_0, addScaled x_1 by c_1, …, divide by d
///     base + Σ l_i tau_i        addScaled to base
///     base + Σ l_i (v_i - base) start from base, addScaledDifference for each source
///     t - base                  subtract
package enum LinearCombination {
  /// `result = factor * x`.
  package static func assign(
    _ x: Span<Double>, scaledBy factor: Double, to result: inout MutableSpan<Double>
  ) {
    unsafe combine(x, x, into: &result) { x, _, result, count in
      unsafe ctl_scale(x, factor, result, count)
    }
  }

  /// `result += factor * x`.
  package static func addScaled(
    _ x: Span<Double>, by factor: Double, to result: inout MutableSpan<Double>
  ) {
    unsafe combine(x, x, into: &result) { x, _, result, count in
      unsafe ctl_add_scaled(x, factor, result, count)
    }
  }

  /// `result += factor * (x - base)`.
  package static func addScaledDifference(
    _ x: Span<Double>, minus base: Span<Double>, by factor: Double,
    to result: inout MutableSpan<Double>
  ) {
    unsafe combine(x, base, into: &result) { x, base, result, count in
      unsafe ctl_add_scaled_difference(x, base, factor, result, count)
    }
  }

  /// `result = x - y`.
  package static func subtract(
    _ y: Span<Double>, from x: Span<Double>, into result: inout MutableSpan<Double>
  ) {
    unsafe combine(x, y, into: &result) { x, y, result, count in
      unsafe ctl_subtract(x, y, result, count)
    }
  }

  /// `result = alpha * x + (1 - alpha) * y`; alpha multiplies the first model.
  package static func interpolate(
    _ x: Span<Double>, _ y: Span<Double>, alpha: Double, into result: inout MutableSpan<Double>
  ) {
    unsafe combine(x, y, into: &result) { x, y, result, count in
      unsafe ctl_blend(x, y, alpha, 1 - alpha, result, count)
    }
  }

  /// `values /= divisor`; nothing is done for 1.
  package static func divide(_ values: inout MutableSpan<Double>, by divisor: Double) {
    if divisor == 1 { return }
    unsafe values.withUnsafeMutableBufferPointer {
      unsafe ctl_divide($0.baseAddress, divisor, $0.count)
    }
  }

  /// `values -= base`: task vectors in the place of models.
  package static func subtract(_ base: Span<Double>, from values: inout MutableSpan<Double>) {
    unsafe combine(base, base, into: &values) { base, _, values, count in
      unsafe ctl_subtract_in_place(base, values, count)
    }
  }

  /// `values *= factor`; nothing is done for 1.
  package static func scale(_ values: inout MutableSpan<Double>, by factor: Double) {
    if factor == 1 { return }
    unsafe values.withUnsafeMutableBufferPointer {
      unsafe ctl_multiply($0.baseAddress, factor, $0.count)
    }
  }

  /// Hands the values to a C kernel, after a look at their numbers.
  @inline(__always)
  private static func combine(
    _ x: Span<Double>, _ y: Span<Double>, into result: inout MutableSpan<Double>,
    _ kernel: (
      UnsafePointer<Double>?, UnsafePointer<Double>?, UnsafeMutablePointer<Double>?, Int
    ) -> Void
  ) {
    let count = result.count
    precondition(x.count == count && y.count == count)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeBufferPointer { y in
        unsafe result.withUnsafeMutableBufferPointer { result in
          unsafe kernel(x.baseAddress, y.baseAddress, result.baseAddress, count)
        }
      }
    }
  }
}
