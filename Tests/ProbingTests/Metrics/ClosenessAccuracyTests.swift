import Probing
import Testing

/// Against closed forms and against plain formulas where they don't cancel.
@Suite("Accuracy of closeness")
struct ClosenessAccuracyTests {
  /// Features of ones against features with 1 + e at one place, e a power of two: with n values,
  /// `1 - cos = 1 - (n + e) / sqrt(n (n + 2 e + e^2))`, and sin^2 = (n - 1) e^2 / (n (n + 2e + e^2)).
  @Test(
    "nearly parallel features, to 1e-10 relative down to 1e-13", arguments: [4, 64, 1000, 4096])
  func nearlyParallel(width: Int) throws {
    for power in 1...21 {
      let e = Float(sign: .plus, exponent: -power, significand: 1)
      var u = [Float](repeating: 1, count: width)
      u[width / 2] += e
      let n = Double(width), x = Double(e)
      let sine = (n - 1) * x * x / (n * (n + 2 * x + x * x))
      // 1 - cos = sin^2 / (1 + cos)
      let expected = sine / (1 + (1 - sine).squareRoot())
      guard expected >= 1e-13 else { continue }
      let ones = [Float](repeating: 1, count: width)
      let result = try FeatureBench.closeness(u, ones, width: width)
      let measured = result.oneMinusCos?.mean ?? .nan
      // Above 3e-7 or so it comes from the Gram matrix, with an absolute error of a few roundings.
      let allowed = max(1e-10 * expected, expected > 1e-7 ? 4e-16 : 0)
      #expect((measured - expected).magnitude <= allowed, "e = 2^-\(power)")
      #expect(((result.coef?.mean ?? .nan) - (1 + x / n)).magnitude <= 1e-14)
      let distance = x / n.squareRoot()
      #expect(((result.relativeError?.mean ?? .nan) - distance).magnitude <= 1e-12)
    }
  }

  @Test("scaling nearly parallel features costs no accuracy")
  func nearlyParallelScaled() throws {
    let u = FeatureBench.features(4096, seed: 11)
    var v = u.map { 4 * $0 }
    v[17] += 0x1p-10
    let plain = try FeatureBench.closeness(u, v.map { $0 / 4 }, width: 4096).oneMinusCos?.mean
    let scaled = try FeatureBench.closeness(u, v, width: 4096).oneMinusCos?.mean
    #expect(plain == scaled && (plain ?? 0) > 0)
  }

  /// Where nothing cancels, the plain formulas in binary64 are good to 1e-13.
  @Test(
    "forms of several streams agree with features computed beforehand", arguments: [3, 10, 1500])
  func forms(width: Int) throws {
    let samples = 5
    let streams = (0..<5).map { FeatureBench.features(samples * width, seed: 20 + UInt64($0)) }
    let forms: [LinearForm] = [
      .interpolation(0, 1, alpha: 0.25), 2 * .stream(2) - .stream(3), .stream(4),
      0.5 * .stream(3) + 0.5 * .stream(0) - .stream(1),
    ]
    let coefficients: [[Double]] = [
      [0.25, 0.75, 0, 0, 0], [0, 0, 2, -1, 0], [0, 0, 0, 0, 1], [0.5, -1, 0, 0.5, 0],
    ]
    var pairs: [FeatureComparison] = []
    for u in forms { for v in forms { pairs.append(.init(measured: u, reference: v)) } }
    var comparisons = LayerComparisons(streams: 5, comparisons: pairs)
    try FeatureBench.add(streams, width: width, to: &comparisons)
    for i in forms.indices {
      for j in forms.indices where i != j {
        let oracle = plain(streams, coefficients[i], coefficients[j], width: width)
        let result = try comparisons.closeness(i * forms.count + j)
        #expect(((result.oneMinusCos?.mean ?? .nan) - oracle.oneMinusCos).magnitude <= 1e-13)
        #expect(((result.coef?.mean ?? .nan) - oracle.coef).magnitude <= 1e-13)
        #expect(((result.relativeError?.mean ?? .nan) - oracle.error).magnitude <= 1e-12)
        #expect(((result.globalCoef ?? .nan) - oracle.globalCoef).magnitude <= 1e-13)
        #expect(((result.globalOneMinusCos ?? .nan) - oracle.global).magnitude <= 1e-13)
      }
    }
  }

  /// Equal streams with factors that add up to one are the same features in one, two or three terms.
  @Test("nearly parallel forms of any number of terms are measured alike", arguments: [5, 8, 1029])
  func numbersOfTerms(width: Int) throws {
    let u = FeatureBench.features(4 * width, seed: 61)
    let v = zip(u, FeatureBench.features(4 * width, seed: 62)).map { $0 + 1e-5 * $1 }
    func forms(_ first: Int) -> [LinearForm] {
      let (a, b, c) = (
        LinearForm.stream(first), LinearForm.stream(first + 1), LinearForm.stream(first + 2)
      )
      return [a, 0.75 * b + 0.25 * a, 0.5 * c + 0.25 * a + 0.25 * b]
    }
    let pairs = forms(0).flatMap { u in
      forms(3).map { FeatureComparison(measured: u, reference: $0) }
    }
    var comparisons = LayerComparisons(streams: 6, comparisons: pairs)
    try FeatureBench.add([u, u, u, v, v, v], width: width, to: &comparisons)
    let expected = try comparisons.closeness(0).oneMinusCos
    #expect((expected?.max ?? 1) < 1e-8 && (expected?.min ?? 0) > 0)
    for number in pairs.indices {
      let result = try comparisons.closeness(number).oneMinusCos
      #expect(isNearly(result?.mean, expected?.mean ?? .nan, 1e-10), "\(number)")
    }
  }

  @Test("a form that cancels to almost nothing is measured as if computed beforehand")
  func cancellation() throws {
    let width = 700
    let a = FeatureBench.features(width, seed: 31)
    let small = FeatureBench.features(width, seed: 32)
    // b - a is exact in binary32 for values on a grid.
    let grid = a.map { ($0 * 0x1p10).rounded() * 0x1p-10 }
    let step = small.map { ($0 * 8).rounded() * 0x1p-20 }
    let b = zip(grid, step).map { $0 + $1 }
    let reference = FeatureBench.features(width, seed: 33)
    var comparisons = LayerComparisons(
      streams: 3,
      comparisons: [.init(measured: .stream(1) - .stream(0), reference: .stream(2))])
    try FeatureBench.add([grid, b, reference], width: width, to: &comparisons)
    let expected = try FeatureBench.closeness(step, reference, width: width)
    let result = try comparisons.closeness(0)
    #expect(
      ((result.oneMinusCos?.mean ?? .nan) - (expected.oneMinusCos?.mean ?? 0)).magnitude <= 1e-13)
    let coef = expected.coef?.mean ?? .nan
    #expect(((result.coef?.mean ?? .nan) - coef).magnitude <= 1e-12 * coef.magnitude)
  }

  private func plain(_ streams: [[Float]], _ f: [Double], _ g: [Double], width: Int) -> (
    oneMinusCos: Double, coef: Double, error: Double, global: Double, globalCoef: Double
  ) {
    func form(_ factors: [Double], _ i: Int) -> Double {
      zip(streams, factors).reduce(0) { $0 + Double($1.0[i]) * $1.1 }
    }
    let samples = streams[0].count / width
    var mean = (0.0, 0.0, 0.0), whole = (0.0, 0.0, 0.0)
    for sample in 0..<samples {
      var (uu, vv, uv, dd) = (0.0, 0.0, 0.0, 0.0)
      for i in sample * width..<(sample + 1) * width {
        let (u, v) = (form(f, i), form(g, i))
        uu += u * u
        vv += v * v
        uv += u * v
        dd += (u - v) * (u - v)
      }
      let n = Double(samples)
      mean.0 += (1 - uv / (uu * vv).squareRoot()) / n
      mean.1 += uv / vv / n
      mean.2 += (dd / vv).squareRoot() / n
      whole = (whole.0 + uu, whole.1 + vv, whole.2 + uv)
    }
    let global = 1 - whole.2 / (whole.0 * whole.1).squareRoot()
    return (mean.0, mean.1, mean.2, global, whole.2 / whole.1)
  }
}
