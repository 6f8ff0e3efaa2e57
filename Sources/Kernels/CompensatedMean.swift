/// Means of a tile from sums of twice the precision: the second of ``ExactMean``'s three ways.
///
/// An exact sum is kept as s + e, where e collects the errors of the additions that make s; what is
/// lost in collecting is added up in a `loss`, so that |exact sum - (s + e)| <= loss (1 + small).
struct CompensatedMean {
  private var sums: [Double]
  private var errors: [Double]
  private var losses: [Double]
  private var sourceCount = 1

  /// Sums of the values of one source.
  init(first: Span<Double>) {
    sums = [Double](repeating: 0, count: first.count)
    errors = sums
    losses = sums
    for i in first.indices { sums[i] = first[i] }
  }

  /// Takes the values of one more source.
  mutating func add(_ values: Span<Double>) {
    let count = values.count
    // Spans of several fields of self would be one access; of local variables they aren't.
    var (first, second, third): ([Double], [Double], [Double]) = ([], [], [])
    swap(&first, &self.sums)
    swap(&second, &self.errors)
    swap(&third, &self.losses)
    defer { (self.sums, self.errors, self.losses) = (first, second, third) }
    var sums = first.mutableSpan
    var errors = second.mutableSpan
    var losses = third.mutableSpan
    precondition(sums.count == count && errors.count == count && losses.count == count)
    for i in 0..<count {
      let (sum, rounding) = twoSum(sums[i], values[i])
      let (error, loss) = twoSum(errors[i], rounding)
      sums[i] = sum
      errors[i] = error
      losses[i] += loss.magnitude
    }
    sourceCount += 1
  }

  /// The means rounded to a format; NaN where this precision can't decide.
  func means(roundedTo format: FloatFormat, into result: inout MutableSpan<Double>) {
    let count = result.count
    let k = Double(sourceCount)
    let (sums, errors, losses) = (self.sums.span, self.errors.span, self.losses.span)
    precondition(sums.count == count && errors.count == count && losses.count == count)
    for i in 0..<count { result[i] = nearest(sums[i], errors[i], losses[i], k) }
    if format.precision == 53 { return }
    for i in 0..<count {
      // The quotient of an exact sum rounds rightly: see ExactMean.
      if errors[i] == 0, losses[i] == 0 { continue }
      // The exact mean lies between the neighbours of the nearest Float64, so no midpoint of the
      // narrow format is passed over if these round alike.
      let low = format.rounded(result[i].nextDown)
      let high = format.rounded(result[i].nextUp)
      result[i] = low == high && low != 0 ? low : .nan
    }
  }

  /// The Float64 nearest to a mean, ties to even, or NaN.
  ///
  /// For a candidate t near the mean, S - tk is s - tk + e. With |e| <= 2^-30 |s| the difference
  /// s - tk is exact if t is split into halves of at most 27 bits (k < 2^27): s and the first product
  /// are within a factor of two, and what remains is a multiple of the last bits of s and t of at
  /// most 53 bits. Let u be the last bit of t. Then t is nearest if |S - tk| < ku/2, and on equality
  /// the even one of t and its neighbour is. If t is a power of two the bound below it is half of
  /// that, so half is asked for. Where the sum isn't exactly s + e, a margin is asked for too.
  @inline(__always)
  private func nearest(_ s: Double, _ e: Double, _ loss: Double, _ k: Double) -> Double {
    let q = s / k
    let t = q + (excess(s, q, k) + e) / k
    let (distance, rounding) = twoSum(excess(s, t, k), e)
    let uncertainty = rounding.magnitude + loss

    let exponentBits = t.bitPattern & 0x7FF0_0000_0000_0000
    let last = Double(bitPattern: exponentBits) * 0x1p-52
    let isPowerOfTwo = t.bitPattern & 0x000F_FFFF_FFFF_FFFF == 0
    let bound = k * last * (isPowerOfTwo ? 0.25 : 0.5)
    let strictBound = uncertainty == 0 ? bound : bound * (1 - 0x1p-30)
    let isCertain = uncertainty <= bound * 0x1p-32

    let signedLast = Double(bitPattern: last.bitPattern | (distance.bitPattern & (1 << 63)))
    let even = t.bitPattern & 1 == 0 ? t : t + signedLast
    let isTie = distance.magnitude == bound
    let atTie = isTie ? (uncertainty == 0 ? (isPowerOfTwo ? .nan : even) : .nan) : .nan
    let decided = distance.magnitude < strictBound ? (isCertain ? t : .nan) : atTie

    // Away from underflow and overflow, and without cancellation. NaN fails these comparisons.
    let hasRoom = e.magnitude <= s.magnitude * 0x1p-30 ? decided : .nan
    let isSafe = q.magnitude > 0x1p-900 ? (s.magnitude < 0x1p1000 ? hasRoom : .nan) : .nan
    // Of an exact sum the quotient is the nearest, zeros and subnormal numbers included.
    return e == 0 ? (loss == 0 ? q : isSafe) : isSafe
  }

  /// s - tk for t near s/k, exactly.
  @inline(__always)
  private func excess(_ s: Double, _ t: Double, _ k: Double) -> Double {
    let upper = Double(bitPattern: t.bitPattern & 0xFFFF_FFFF_F800_0000)
    return (s - upper * k) - (t - upper) * k
  }
}
