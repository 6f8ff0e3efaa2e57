/// How u and v agree in one sample: what a row says of one comparison.
struct SampleAgreement {
  /// 1 - cos of u and v.
  let c: Double
  /// The norm of u.
  let a: Double
  /// The norm of v.
  let b: Double

  var isFinite: Bool { a.isFinite && b.isFinite }
  /// Whether there is a cosine.
  var isUsable: Bool { isFinite && a > 0 && b > 0 }
  /// The coefficient, <u, v> / |v|^2.
  var coef: Double { (1 - c) * (a / b) }
  /// The relative error, |u - v| / |v|.
  var relativeError: Double { ((a - b) * (a - b) + 2 * a * b * c).squareRoot() / b }
}

/// The figures of a comparison over the samples of one data file or of all, as one vector, and counts.
struct ComparisonFigures {
  /// Samples with a cosine.
  private(set) var usable = 0
  private(set) var bothZero = 0
  private(set) var oneZero = 0
  private(set) var nonFinite = 0
  /// |u| and |v| over all finite samples as one vector; 1 - cos of the two, nil where one is zero.
  private(set) var measuredNorm = 0.0
  private(set) var referenceNorm = 0.0
  private(set) var globalOneMinusCos: Double?

  /// <u, v> / |v|^2 over all finite samples as one vector.
  var globalCoef: Double? {
    globalOneMinusCos.map { (1 - $0) * measuredNorm / referenceNorm }
  }

  /// Adds up samples.
  ///
  /// Over all of them, with a and b the samples' norms, U and V the roots of the sums of their squares,
  ///
  ///     1 - cos = 1/2 sum (a/U - b/V)^2 + sum a b (1 - cos_sample) / (U V)
  ///
  /// which is a sum of what is never negative, so that nothing cancels.
  ///
  /// - Parameter replay: Tells all samples, each time in the same order; called twice.
  /// - Throws: What `replay` throws.
  init<Failure: Error>(
    replay: (_ body: (SampleAgreement) -> Void) throws(Failure) -> Void
  ) throws(Failure) {
    var (squaresOfA, squaresOfB) = (CompensatedSum(), CompensatedSum())
    var counts = (usable: 0, bothZero: 0, oneZero: 0, nonFinite: 0)
    try replay { sample in
      guard sample.isFinite else {
        counts.nonFinite += 1
        return
      }
      squaresOfA.add(sample.a * sample.a)
      squaresOfB.add(sample.b * sample.b)
      if sample.isUsable {
        counts.usable += 1
      } else if sample.a == sample.b {
        counts.bothZero += 1
      } else {
        counts.oneZero += 1
      }
    }
    (usable, bothZero, oneZero, nonFinite) = counts
    let (u, v) = (squaresOfA.value.squareRoot(), squaresOfB.value.squareRoot())
    (measuredNorm, referenceNorm) = (u, v)
    guard u > 0 && v > 0 else { return }
    var sum = CompensatedSum()
    try replay { sample in
      guard sample.isFinite else { return }
      let (x, y) = (sample.a / u, sample.b / v)
      sum.add((x - y) * (x - y) / 2)
      if x > 0 && y > 0 { sum.add(x * y * sample.c) }
    }
    globalOneMinusCos = sum.value
  }
}
