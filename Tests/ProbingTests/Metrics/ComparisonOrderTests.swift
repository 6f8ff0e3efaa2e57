import Probing
import Testing

/// The same bits whatever the batches, the threads and the instructions; files, masks and the fit.
@Suite("Gathering of comparisons")
struct ComparisonOrderTests {
  static let comparisons: [FeatureComparison] = [
    .init(measured: .stream(2), reference: .interpolation(0, 1, alpha: 0.25)),
    .init(measured: .stream(0), reference: .stream(1)),
    .init(measured: .stream(2), reference: .stream(0)),
    .init(measured: .stream(3), reference: .stream(0)),
  ]

  /// Two models, one between them, and one almost equal to the first.
  static func streams(_ count: Int) -> [[Float]] {
    let (a, b) = (FeatureBench.features(count, seed: 41), FeatureBench.features(count, seed: 42))
    let noise = FeatureBench.features(count, seed: 43)
    return [
      a, b, zip(zip(a, b), noise).map { 0.25 * $0.0 + 0.75 * $0.1 + 0.01 * $1 },
      zip(a, noise).map { $0 + 1e-5 * $1 },
    ]
  }

  private func all(_ width: Int, batch: Int?, parallel: ParallelLoop) throws -> [Closeness] {
    var result = LayerComparisons(streams: 4, comparisons: Self.comparisons)
    try FeatureBench.add(
      Self.streams(33 * width), width: width, to: &result, batch: batch, parallel: parallel)
    return try Self.comparisons.indices.map { try result.closeness($0) }
  }

  @Test("batches, threads and instructions change no bit", arguments: [5, 100, 3001])
  func order(width: Int) throws {
    let whole = try all(width, batch: nil, parallel: FeatureBench.inTurn)
    #expect(whole.allSatisfy { $0.samples == 33 })
    for batch in [1, 2, 7, 32] {
      #expect(try all(width, batch: batch, parallel: FeatureBench.inTurn) == whole)
      #expect(try all(width, batch: batch, parallel: FeatureBench.onTwoThreads) == whole)
    }
    #expect(
      try MetricPath.portably { try all(width, batch: 4, parallel: FeatureBench.inTurn) } == whole)
  }

  @Test("a file's figures are of its samples, and the union is of all in their files' order")
  func files() throws {
    let width = 50
    let streams = Self.streams(12 * width)
    func part(_ range: Range<Int>) -> [[Float]] {
      streams.map { Array($0[range.lowerBound * width..<range.upperBound * width]) }
    }
    func gathered(_ parts: [(Range<Int>, Int)]) throws -> LayerComparisons {
      var result = LayerComparisons(streams: 4, comparisons: Self.comparisons)
      for (range, file) in parts {
        try FeatureBench.add(part(range), width: width, to: &result, file: file)
      }
      return result
    }
    let whole = try gathered([(0..<12, 0)])
    let split = try gathered([(0..<3, 0), (7..<9, 1), (3..<7, 0), (9..<12, 1)])
    for number in Self.comparisons.indices {
      #expect(try split.closeness(number) == whole.closeness(number))
      #expect(
        try split.closeness(number, file: 0) == gathered([(0..<7, 0)]).closeness(number))
      #expect(
        try split.closeness(number, file: 1) == gathered([(7..<12, 0)]).closeness(number))
    }
    #expect(try split.closeness(0, file: 2).samples == 0)
  }

  @Test("masked rows are left out as if the features were shorter")
  func masks() throws {
    let (rows, size) = (6, 5)
    let streams = Self.streams(3 * rows * size)
    let kept = [0, 1, 4]
    var mask = [Bool](repeating: false, count: 3 * rows)
    for sample in 0..<3 { for row in kept { mask[sample * rows + row] = true } }
    var masked = LayerComparisons(streams: 4, comparisons: Self.comparisons)
    try FeatureBench.add(streams, width: rows * size, to: &masked, batch: 2, mask: mask)
    let short = streams.map { stream in
      (0..<3).flatMap { sample in
        kept.flatMap { row in
          let start = (sample * rows + row) * size
          return stream[start..<start + size]
        }
      }
    }
    var expected = LayerComparisons(streams: 4, comparisons: Self.comparisons)
    try FeatureBench.add(short, width: kept.count * size, to: &expected)
    for number in Self.comparisons.indices {
      #expect(try masked.closeness(number) == expected.closeness(number))
    }
    var nothing = LayerComparisons(streams: 4, comparisons: Self.comparisons)
    try FeatureBench.add(
      streams, width: rows * size, to: &nothing, mask: mask.map { _ in false })
    #expect(try nothing.closeness(0).zeroNorm == 3 && nothing.closeness(0).oneZero == 0)
  }

  @Test("the fit finds the alpha of an interpolation, and what noise it leaves")
  func fit() throws {
    let count = 4 * 300
    let (a, b) = (FeatureBench.features(count, seed: 51), FeatureBench.features(count, seed: 52))
    let merged = zip(a, b).map { Float(0.375 * Double($0) + 0.625 * Double($1)) }
    func fitted(_ merged: [Float], _ a: [Float], _ b: [Float]) throws -> LinearityReport.Fit? {
      var result = LayerComparisons(
        streams: 3, comparisons: [.fit(2, 0, 1)], norms: [.stream(2)])
      try FeatureBench.add([a, b, merged], width: 300, to: &result)
      return try result.fit(0, merged: .stream(2))
    }
    let exact = try fitted(merged, a, b)
    #expect(exact.map { ($0.alpha - 0.375).magnitude < 1e-8 && $0.residual < 1e-7 } == true)
    #expect(try fitted(b, a, b).map { $0.alpha == 0 && $0.residual == 0 } == true)
    #expect(try fitted(a, a, b).map { $0.alpha == 1 && $0.residual == 0 } == true)
    #expect(try fitted(a, b, b) == nil)
    // Features orthogonal to both: the nearest point of the line between (2, 0, 0) and (0, 2, 0)
    // to (0, 0, 1) is half way, at distance sqrt 3.
    let apart = try fitted3(merged: [0, 0, 1], a: [2, 0, 0], b: [0, 2, 0])
    #expect(apart.map { ($0.alpha - 0.5).magnitude < 1e-15 } == true)
    #expect(apart.map { ($0.residual - 3.0.squareRoot()).magnitude < 1e-15 } == true)
  }

  private func fitted3(merged: [Float], a: [Float], b: [Float]) throws -> LinearityReport.Fit? {
    var result = LayerComparisons(streams: 3, comparisons: [.fit(2, 0, 1)], norms: [.stream(2)])
    try FeatureBench.add([a, b, merged], width: 3, to: &result)
    return try result.fit(0, merged: .stream(2))
  }

  @Test("the ratio of norms skips samples without a reference")
  func normRatio() throws {
    let doubled = 2 * LinearForm.stream(0)
    var result = LayerComparisons(
      streams: 2, comparisons: [], norms: [doubled, .stream(1)])
    try FeatureBench.add([[3, 4, 1, 0, .nan, 0], [5, 0, 0, 0, 1, 0]], width: 2, to: &result)
    let ratio = try result.normRatio(doubled, to: .stream(1))
    #expect(ratio?.min == 2 && ratio?.max == 2 && ratio?.std == 0)
  }
}
