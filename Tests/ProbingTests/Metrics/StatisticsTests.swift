import Probing
import Testing

@Suite("Intervals and tests")
struct StatisticsTests {
  /// SciPy's `stats.t.ppf`; 1 degree is tan(0.475 pi), 2 degrees 0.95 / sqrt(0.04875).
  @Test(
    "Student's quantiles",
    arguments: [
      (1, 12.706204736174707), (2, 4.302652729749464), (3, 3.182446305284263),
      (10, 2.2281388519649385), (29, 2.045229642132703), (499, 1.9647293909876649),
      (100_000, 1.9599877075346095),
    ])
  func student(degrees: Int, expected: Double) {
    #expect(isNearly(StudentInterval.quantile(degreesOfFreedom: degrees), expected, 1e-9))
  }

  @Test("the interval of a mean; none of one sample")
  func interval() throws {
    let two = try #require(Summary(samples: [1, 3]))
    // std = sqrt 2, stderr = 1.
    let interval = StudentInterval.interval(of: two, samples: 2)
    #expect(isNearly(interval?.upperBound, 2 + 12.706204736174707, 1e-9))
    #expect(isNearly(interval?.lowerBound, 2 - 12.706204736174707, 1e-9))
    let one = try #require(Summary(samples: [1]))
    #expect(StudentInterval.interval(of: one, samples: 1) == nil)
  }

  @Test("Wilson's interval, to the ends of 0 and 1")
  func wilson() {
    let interval = WilsonInterval.interval(count: 8, of: 10)
    #expect(isNearly(interval.lowerBound, 0.4901624715366418, 1e-12))
    #expect(isNearly(interval.upperBound, 0.9433178485456247, 1e-12))
    #expect(WilsonInterval.interval(count: 0, of: 7).lowerBound == 0)
    #expect(
      isNearly(WilsonInterval.interval(count: 0, of: 7).upperBound, 0.35433043506668743, 1e-9))
    #expect(WilsonInterval.interval(count: 7, of: 7).upperBound == 1)
    #expect(WilsonInterval.interval(count: 0, of: 0) == 0...1)
  }

  @Test("McNemar's test is symmetric and doesn't underflow early")
  func mcNemar() {
    func p(_ b: Int, _ c: Int) -> Double {
      PairedOutcomes(samples: 100_000, onlyFirst: b, onlySecond: c).pValue
    }
    #expect(p(3, 9) == p(9, 3))
    // 2 / 2^1000
    #expect(isNearly(p(0, 1000), 0x1p-999, 1e-10))
    #expect(p(50_000, 50_000) == 1 && p(20_000, 80_000) == 0)
  }

  @Test("the difference of paired shares has the error of the samples' differences")
  func difference() throws {
    let outcomes = PairedOutcomes(samples: 10, onlyFirst: 3, onlySecond: 1)
    let samples = try #require(
      Summary.ofDifferences([1, 1, 1, 0, 1, 1, 1, 0, 0, 1], [0, 0, 0, 1, 1, 1, 1, 0, 0, 1]))
    #expect(isNearly(outcomes.difference, 0.2, 1e-15) && isNearly(samples.mean, 0.2, 1e-15))
    #expect(isNearly(outcomes.differenceError, samples.stderr, 1e-14))
  }

  @Test("a constant channel has no variance, and a NaN spoils its channel only")
  func moments() {
    var moments = ChannelMoments(channels: 2)
    let rows: [Float] = [0.1, 1, 0.1, .nan, 0.1, 2]
    unsafe rows.withUnsafeBufferPointer {
      unsafe moments.add($0, parallel: FeatureBench.inTurn)
    }
    #expect(moments.means[0] == Double(Float(0.1)) && moments.variances[0] == 0)
    #expect(moments.means[1].isNaN && moments.variances[1].isNaN)
  }
}
