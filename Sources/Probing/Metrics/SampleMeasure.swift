internal import CMetrics

/// Computes the row of one sample (see `ComparisonPlan`): a state for each thread.
///
/// One sweep gives the Gram matrix of the streams in binary64; norms and inner products of the forms
/// are sums over it. Such a sum cancels where a form is small against its terms, or where two forms
/// are nearly parallel. There the values are computed one by one in further sweeps:
///
///     |u|       directly where |u| < 1/4 (|f_1 s_1| + |f_2 s_2| + ...)
///     1 - cos   as 1/2 | u/|u| - v/|v| |^2 where the bound of its error, e (k_u k_v + k_u^2/2 + k_v^2/2)
///               with e <= 1.7e-14 and k = (|f_1 s_1| + ...) / |u| <= 4, exceeds 1e-7 of the value
///
/// So 1 - cos has a relative error below 1e-7 (and, of forms of one term or of like terms, an absolute
/// one below 4e-14) where it comes from the Gram matrix, which is where it is above 3e-7 or so. Where
/// it is computed directly, errors of the norms enter it squared only; its relative error is of the
/// order of 2^-53 / sqrt(1 - cos), and below 1e-10 down to 1e-13.
struct SampleMeasure {
  private let plan: ComparisonPlan
  private var scratch: [Double]
  private var gram: [Double]
  /// Of each form: the sum of the norms of its terms, and whether its norm is from the Gram matrix.
  private var magnitudes: [Double]
  private var isFromGram: [Bool]

  /// The greatest relative error that is accepted of 1 - cos from the Gram matrix.
  static let tolerance = 1e-7
  /// The greatest square of k for which a norm from the Gram matrix is accepted.
  static let greatestCancellation = 16.0

  init(_ plan: ComparisonPlan) {
    self.plan = plan
    scratch = Array(repeating: 0, count: 12 * plan.tiles.tiles.count)
    gram = Array(repeating: 0, count: plan.streams * plan.streams)
    magnitudes = Array(repeating: 0, count: plan.forms.count)
    isFromGram = Array(repeating: true, count: plan.forms.count)
  }

  /// Sets `row` to the figures of a sample of `width` values a stream.
  ///
  /// A norm is not a number where a feature isn't finite; 1 - cos is not a number there and where a
  /// norm is zero.
  mutating func measure(
    _ streams: [UnsafePointer<Float>?], width: Int, row: UnsafeMutablePointer<Double>
  ) {
    // Safe: every stream has `width` values, `row` has room for `plan.rowLength`, and the kernels
    // stay within `scratch` and `gram` as they were made above.
    unsafe streams.withUnsafeBufferPointer { streams in
      let base = streams.baseAddress
      unsafe ctl_gram(
        base, plan.streams, width, plan.tiles.tiles, plan.tiles.tiles.count, &scratch, &gram)
      let norms = unsafe row + plan.entries.count
      for form in plan.forms.indices {
        unsafe norms[form] = unsafe norm(form, streams: base, width: width)
      }
      for (number, entry) in plan.entries.enumerated() {
        unsafe row[number] = unsafe oneMinusCos(
          entry, unsafe norms[entry.measured], unsafe norms[entry.reference], streams: base,
          width: width)
      }
    }
  }

  private mutating func norm(
    _ form: Int, streams: UnsafePointer<UnsafePointer<Float>?>?, width: Int
  ) -> Double {
    let terms = plan.starts[form]..<plan.starts[form + 1]
    var magnitude = 0.0
    for term in terms {
      let stream = plan.indices[term]
      magnitude += plan.factors[term].magnitude * gram[stream * (plan.streams + 1)].squareRoot()
    }
    magnitudes[form] = magnitude
    isFromGram[form] = true
    guard magnitude.isFinite else { return .nan }
    if magnitude == 0 || terms.count == 1 { return magnitude }
    let square = innerProduct(form, form)
    if Self.greatestCancellation * square >= magnitude * magnitude { return square.squareRoot() }
    isFromGram[form] = false
    return unsafe withForm(form) { form in
      unsafe ctl_form_square(streams, form, width).squareRoot()
    }
  }

  private func innerProduct(_ u: Int, _ v: Int) -> Double {
    var sum = 0.0
    for i in plan.starts[u]..<plan.starts[u + 1] {
      for j in plan.starts[v]..<plan.starts[v + 1] {
        let product = gram[plan.indices[i] * plan.streams + plan.indices[j]]
        sum += plan.factors[i] * plan.factors[j] * product
      }
    }
    return sum
  }

  private func oneMinusCos(
    _ entry: ComparisonPlan.Entry, _ a: Double, _ b: Double,
    streams: UnsafePointer<UnsafePointer<Float>?>?, width: Int
  ) -> Double {
    guard a > 0, b > 0 else { return .nan }
    let (u, v) = (entry.measured, entry.reference)
    if isFromGram[u] && isFromGram[v] {
      let result = (a * b - innerProduct(u, v)) / (a * b)
      let (ku, kv) = (magnitudes[u] / a, magnitudes[v] / b)
      let error = entry.productError * (ku * kv + (ku * ku + kv * kv) / 2)
      if error <= Self.tolerance * result { return min(result, 2) }
    }
    let square = unsafe withForm(u) { u in
      unsafe withForm(v) { v in
        unsafe ctl_forms_distance(streams, u, 1 / a, v, 1 / b, width)
      }
    }
    return min(square / 2, 2)
  }

  private func withForm<Result>(_ form: Int, _ body: (ctl_form) -> Result) -> Result {
    unsafe plan.indices.withUnsafeBufferPointer { indices in
      unsafe plan.factors.withUnsafeBufferPointer { factors in
        let start = plan.starts[form]
        return unsafe body(
          ctl_form(
            indices: indices.baseAddress.map { unsafe $0 + start },
            factors: factors.baseAddress.map { unsafe $0 + start },
            count: plan.starts[form + 1] - start))
      }
    }
  }
}
