import Probing
import Testing

/// What must hold for any features.
@Suite("Laws of closeness")
struct ClosenessLawTests {
  static let widths = [1, 2, 7, 8, 9, 1023, 1024, 1025, 5000]

  @Test("features against themselves are at distance zero exactly", arguments: widths)
  func itself(width: Int) throws {
    let u = FeatureBench.features(3 * width, seed: 1)
    let result = try FeatureBench.closeness(u, u, width: width)
    #expect(result.oneMinusCos?.max == 0 && result.relativeError?.max == 0)
    #expect(result.coef?.min == 1 && result.coef?.max == 1)
    #expect(result.globalOneMinusCos == 0 && result.globalCoef == 1 && result.samples == 3)
  }

  @Test("the coefficient of features against their double is a half", arguments: widths)
  func double(width: Int) throws {
    let u = FeatureBench.features(3 * width, seed: 2)
    let result = try FeatureBench.closeness(u, u.map { 2 * $0 }, width: width)
    #expect(result.oneMinusCos?.max == 0 && result.coef?.min == 0.5 && result.coef?.max == 0.5)
    #expect(result.relativeError?.mean == 0.5 && result.globalCoef == 0.5)
  }

  @Test("anti-parallel features are at distance two", arguments: widths)
  func antiparallel(width: Int) throws {
    let u = FeatureBench.features(3 * width, seed: 3)
    let result = try FeatureBench.closeness(u, u.map { -$0 }, width: width)
    #expect(result.oneMinusCos.map { (2 - $0.min).magnitude < 1e-15 } == true)
    #expect(result.coef.map { (-1 - $0.mean).magnitude < 1e-15 } == true)
    #expect(result.relativeError.map { (2 - $0.mean).magnitude < 1e-15 } == true)
  }

  @Test("a power of two as a factor changes no bit of 1 - cos", arguments: widths)
  func scale(width: Int) throws {
    let (u, v) = (
      FeatureBench.features(3 * width, seed: 4), FeatureBench.features(3 * width, seed: 5)
    )
    let plain = try FeatureBench.closeness(u, v, width: width)
    for factor in [0x1p-60, 0x1p60] as [Float] {
      let scaled = try FeatureBench.closeness(u.map { $0 * factor }, v, width: width)
      #expect(scaled.oneMinusCos == plain.oneMinusCos)
    }
  }

  @Test("orthogonal features are at distance one, with coefficient zero")
  func orthogonal() throws {
    let result = try FeatureBench.closeness([3, 0, 0, 5], [0, 2, 7, 0], width: 2)
    #expect(result.oneMinusCos?.min == 1 && result.oneMinusCos?.max == 1)
    #expect(result.coef?.max == 0 && result.coef?.min == 0)
    #expect(result.globalOneMinusCos.map { ($0 - 1).magnitude <= 0x1p-52 } == true)
    #expect(result.globalCoef.map { $0.magnitude <= 0x1p-52 } == true)
  }

  @Test("the smallest and greatest floats neither vanish nor overflow")
  func extremes() throws {
    let tiny = Float.leastNonzeroMagnitude, huge = Float.greatestFiniteMagnitude
    let result = try FeatureBench.closeness(
      [tiny, 0, huge, huge], [0, tiny, huge, -huge], width: 2)
    #expect(result.samples == 2 && result.zeroNorm == 0 && result.nonFinite == 0)
    #expect(result.oneMinusCos.map { $0.min == 1 && $0.max == 1 } == true)
  }

  @Test("zero and non-finite samples are counted and left out")
  func accounting() throws {
    // both zero, u zero, v zero, u NaN, v infinite, u NaN and v zero, and one good sample
    let u: [Float] = [0, 0, 0, 0, 1, 2, .nan, 1, 1, 1, .nan, 0, 1, 1]
    let v: [Float] = [0, 0, 1, 2, 0, 0, 1, 1, .infinity, 1, 0, 0, 1, 0]
    let result = try FeatureBench.closeness(u, v, width: 2)
    #expect(result.samples == 1 && result.zeroNorm == 3 && result.oneZero == 2)
    #expect(result.nonFinite == 3)
    #expect(result.oneMinusCos.map { ($0.mean - (1 - 0.5.squareRoot())).magnitude < 1e-15 } == true)
    // As one vector: u = (0 0, 0 0, 1 2, 1 1), v = (0 0, 1 2, 0 0, 1 0).
    #expect(result.globalCoef.map { ($0 - 1.0 / 6).magnitude < 1e-15 } == true)
  }

  @Test("no usable sample gives no figures")
  func nothing() throws {
    let result = try FeatureBench.closeness([0, 0, .nan, 0], [0, 0, 1, 1], width: 2)
    #expect(result.oneMinusCos == nil && result.coef == nil && result.relativeError == nil)
    #expect(result.globalOneMinusCos == nil && result.globalCoef == nil)
    #expect(result.samples == 0 && result.zeroNorm == 1 && result.nonFinite == 1)
  }
}
