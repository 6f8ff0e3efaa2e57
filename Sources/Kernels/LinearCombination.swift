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
    let count = result.count
    precondition(x.count == count)
    for i in 0..<count { result[i] = factor * x[i] }
  }

  /// `result += factor * x`.
  package static func addScaled(
    _ x: Span<Double>, by factor: Double, to result: inout MutableSpan<Double>
  ) {
    let count = result.count
    precondition(x.count == count)
    for i in 0..<count { result[i] += factor * x[i] }
  }

  /// `result += factor * (x - base)`.
  package static func addScaledDifference(
    _ x: Span<Double>, minus base: Span<Double>, by factor: Double,
    to result: inout MutableSpan<Double>
  ) {
    let count = result.count
    precondition(x.count == count && base.count == count)
    for i in 0..<count { result[i] += factor * (x[i] - base[i]) }
  }

  /// `result = x - y`.
  package static func subtract(
    _ y: Span<Double>, from x: Span<Double>, into result: inout MutableSpan<Double>
  ) {
    let count = result.count
    precondition(x.count == count && y.count == count)
    for i in 0..<count { result[i] = x[i] - y[i] }
  }

  /// `result = alpha * x + (1 - alpha) * y`; alpha multiplies the first model.
  package static func interpolate(
    _ x: Span<Double>, _ y: Span<Double>, alpha: Double, into result: inout MutableSpan<Double>
  ) {
    let count = result.count
    precondition(x.count == count && y.count == count)
    let rest = 1 - alpha
    for i in 0..<count { result[i] = alpha * x[i] + rest * y[i] }
  }

  /// `values /= divisor`; nothing is done for 1.
  package static func divide(_ values: inout MutableSpan<Double>, by divisor: Double) {
    if divisor == 1 { return }
    for i in values.indices { values[i] /= divisor }
  }
}
