import Kernels
import TestSupport
import Testing

/// Statistics and differences: against plain formulas, and the same bits however streams are cut.
@Suite struct ReductionTests {
  private func statistics(_ values: [Double], cut size: Int? = nil) -> Statistics {
    var result = Statistics()
    let size = max(1, size ?? values.count)
    for start in stride(from: 0, to: values.count, by: size) {
      result.add(values.span.extracting(start..<min(start + size, values.count)))
    }
    return result
  }

  private func differences(
    _ a: [Double], _ b: [Double], tolerance: Double = 0, cut size: Int? = nil
  ) -> Differences {
    var result = Differences(tolerance: tolerance)
    let size = max(1, size ?? a.count)
    for start in stride(from: 0, to: a.count, by: size) {
      let range = start..<min(start + size, a.count)
      result.add(a.span.extracting(range), b.span.extracting(range))
    }
    return result
  }

  private func isNear(_ a: Double?, _ b: Double, _ relative: Double = 1e-14) -> Bool {
    a.map { ($0 - b).magnitude <= relative * b.magnitude } ?? false
  }

  @Test func knownValues() {
    let result = statistics([2, 4, 4, 4, 5, 5, 7, 9, .nan, 0, 0, .infinity, -.infinity, .nan, -0.0])
    #expect(result.count == 15 && result.finiteCount == 11)
    #expect(result.nanCount == 2 && result.infiniteCount == 2 && result.zeroCount == 3)
    #expect(result.minimum == 0 && result.maximum == 9)
    #expect(isNear(result.mean, 40.0 / 11))
    #expect(isNear(result.norm, 232.0.squareRoot()))
    #expect(isNear(result.standardDeviation, (232.0 / 11 - (40.0 / 11) * (40.0 / 11)).squareRoot()))
    #expect(statistics([2, 4, 4, 4, 5, 5, 7, 9]).standardDeviation == 2)
  }

  @Test func nothingToMeasure() {
    for values in [[], [.nan], [.infinity, -.infinity, .nan]] as [[Double]] {
      let result = statistics(values)
      #expect(result.minimum == nil && result.maximum == nil && result.mean == nil)
      #expect(result.standardDeviation == nil && result.norm == 0)
      #expect(result.nanCount + result.infiniteCount == values.count)
    }
  }

  /// A large mean doesn't drown the deviation, and a constant has none.
  @Test func largeMeans() {
    let values = (0..<1000).map { 1e9 + Double($0 % 2) }
    #expect(isNear(statistics(values).standardDeviation, 0.5))
    #expect(isNear(statistics(values).mean, 1e9 + 0.5, 1e-16))
    let constant = [Double](repeating: 0.1, count: 77)
    #expect(statistics(constant).standardDeviation == 0 && statistics(constant).mean == 0.1)
  }

  @Test func tileSizeDoesNotMatterToStatistics() {
    var generator = SeededGenerator(seed: 8)
    var values = (0..<531).map { _ in Double.random(in: -1...3, using: &generator) }
    (values[0], values[9], values[200], values[77]) = (.nan, .infinity, .nan, 0)
    let whole = statistics(values)
    for size in 1...67 {
      let cut = statistics(values, cut: size)
      #expect(cut.mean == whole.mean && cut.standardDeviation == whole.standardDeviation)
      #expect(
        cut.norm == whole.norm && cut.minimum == whole.minimum && cut.maximum == whole.maximum)
      #expect(cut.nanCount == 2 && cut.infiniteCount == 1 && cut.zeroCount == 1 && cut.count == 531)
    }
  }

  @Test func knownDifferences() {
    let a: [Double] = [1, 2, 0, -4, .nan, .infinity, 0, 3]
    let b: [Double] = [1, 2.5, 0, -5, .nan, .infinity, -0.0, 3]
    let result = differences(a, b, tolerance: 0.5)
    #expect(result.count == 8 && result.differingCount == 1)
    #expect(result.maximumAbsolute == 1 && result.maximumRelative == 0.2)
    #expect(isNear(result.rootMeanSquare, (1.25 / 6).squareRoot()))
    #expect(isNear(result.cosine, 35 / (30.0.squareRoot() * 41.25.squareRoot())))
    #expect(differences(a, b, tolerance: 0.25).differingCount == 2)
    #expect(differences(a, a).differingCount == 0 && differences(a, a).maximumAbsolute == 0)
    #expect(isNear(differences(a, a).cosine, 1))
  }

  @Test(arguments: [
    (Double.nan, 1.0), (1, .nan), (.infinity, 1), (1, -.infinity), (.infinity, -.infinity),
    (.nan, .infinity),
  ])
  func unequalSpecialValuesAreInfinitelyFar(_ a: Double, _ b: Double) {
    let result = differences([1, a, 2], [1, b, 2], tolerance: 1e300)
    #expect(result.differingCount == 1)
    #expect(result.maximumAbsolute == .infinity && result.maximumRelative == .infinity)
    #expect(result.rootMeanSquare == 0 && isNear(result.cosine, 1))
  }

  @Test func cosineNeedsNorms() {
    #expect(differences([0, 0], [1, 2]).cosine == nil)
    #expect(differences([], []).cosine == nil)
    #expect(differences([1, 0], [0, 1]).cosine == 0)
    #expect(differences([1, 2], [-1, -2]).cosine == -1)
  }

  @Test func tileSizeDoesNotMatterToDifferences() {
    var generator = SeededGenerator(seed: 9)
    let a = (0..<331).map { _ in Double.random(in: -1...3, using: &generator) }
    var b = a.map { $0 + Double.random(in: -0.1...0.1, using: &generator) }
    b[100] = .nan
    let whole = differences(a, b, tolerance: 0.05)
    #expect(whole.differingCount == a.indices.filter { !((a[$0] - b[$0]).magnitude <= 0.05) }.count)
    for size in 1...67 {
      let cut = differences(a, b, tolerance: 0.05, cut: size)
      #expect(cut.rootMeanSquare == whole.rootMeanSquare && cut.cosine == whole.cosine)
      #expect(cut.maximumRelative == whole.maximumRelative && cut.count == whole.count)
      #expect(cut.differingCount == whole.differingCount)
    }
  }
}
