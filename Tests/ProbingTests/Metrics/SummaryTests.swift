import Probing
import TestSupport
import Testing

@Suite("Summaries")
struct SummaryTests {
  /// `numpy.quantile([1, 2, 4, 8, 16, 32], [.05, .25, .5, .75, .95])` = 1.25, 2.5, 6, 14, 28.
  @Test("quantiles are NumPy's linear ones, deviations have divisor n - 1")
  func known() {
    let result = Summary(samples: [16, 1, 4, 32, 2, 8])
    #expect(result?.min == 1 && result?.max == 32 && result?.mean == 10.5)
    #expect(result?.p5 == 1.25 && result?.p25 == 2.5 && result?.p50 == 6)
    #expect(result?.p75 == 14 && result?.p95 == 28)
    #expect(result.map { ($0.std * $0.std - 140.7).magnitude < 1e-12 } == true)
    #expect(result.map { ($0.stderr * $0.stderr - 140.7 / 6).magnitude < 1e-12 } == true)
  }

  @Test("one sample, equal samples, none")
  func few() {
    let one = Summary(samples: [0.1])
    #expect(one?.mean == 0.1 && one?.std == 0 && one?.stderr == 0 && one?.p95 == 0.1)
    let equal = Summary(samples: Array(repeating: 0.1, count: 1001))
    #expect(equal?.mean == 0.1 && equal?.std == 0 && equal?.p5 == 0.1)
    #expect(Summary(samples: []) == nil)
  }

  @Test("samples that are told again have the same bits as an array of them")
  func replayed() throws {
    var generator = SeededGenerator(seed: 71)
    let scales = [1e-300, 1e-9, 1, 1e100]
    let wide = (0..<2001).map { _ in
      Double.random(in: -1...1, using: &generator)
        * scales[Int.random(in: 0..<4, using: &generator)]
    }
    let close = (0..<1000).map { _ in 1 + 1e-13 * Double.random(in: -1...1, using: &generator) }
    let equal = [Double](repeating: -0.1, count: 64)
    let least = Double.leastNonzeroMagnitude
    let edges: [Double] = [0, least, -least, 1e150, -1e150, 0]
    let all: [[Double]] = [wide, close, equal, edges, [2], [2, -3], []]
    for samples in all {
      for most in [0, samples.count / 2, samples.count] {
        let replayed = Summary(sortingAtMost: most) { body in samples.forEach(body) }
        #expect(replayed == Summary(samples: samples), "\(samples.count) samples, \(most) sorted")
      }
    }
  }
}
