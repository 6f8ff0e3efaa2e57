/// An interval that holds the exact mean of some values, narrow enough to know how it rounds unless
/// the mean lies very near to a midpoint.
struct MeanBracket {
  private var sum: Double
  private var error = 0.0
  private var errorMagnitude = 0.0

  /// A bracket around one value.
  init(first: Double) {
    sum = first
  }

  /// Takes one more value.
  mutating func add(_ value: Double) {
    let (next, rounding) = twoSum(sum, value)
    sum = next
    error += rounding
    errorMagnitude += rounding.magnitude
  }

  /// Whether the sum is exact (and finite).
  var isExact: Bool { errorMagnitude == 0 }

  /// The mean rounded to a format, or nil where the interval can't decide.
  ///
  /// The exact sum is `sum + Σ errors`, and `error` differs from the latter by less than
  /// k·2^-53·Σ|errors| (1 + small). With q = fl(sum/k) and the remainder r = sum - qk, which is a
  /// Float64, the mean is q + (r + Σ errors)/k. The `margin` is more than twice what the roundings of
  /// `correction` and of its ends can amount to.
  func mean(of count: Int, roundedTo format: FloatFormat) -> Double? {
    let k = Double(count)
    let q = sum / k
    // Away from overflow and underflow, where remainders may not be exact. Refuses NaN too.
    guard q.magnitude > 0x1p-900, sum.magnitude < 0x1p1000, errorMagnitude < 0x1p1000 else {
      return nil
    }
    // q in two halves of at most 27 bits: their products with k < 2^27 and the differences are exact.
    let upper = Double(bitPattern: q.bitPattern & 0xFFFF_FFFF_F800_0000)
    let remainder = (sum - upper * k) - (q - upper) * k
    let correction = (remainder + error) / k
    let margin = (correction.magnitude + errorMagnitude) * 0x1p-49
    let low = q + (correction - margin)
    let high = q + (correction + margin)
    if format.precision == 53 { return low == high ? low : nil }
    // The exact mean lies between the neighbours of both ends, so no midpoint of the narrow format
    // is passed over if these round alike.
    let rounded = format.rounded(low.nextDown)
    return rounded == format.rounded(high.nextUp) && rounded != 0 ? rounded : nil
  }
}
