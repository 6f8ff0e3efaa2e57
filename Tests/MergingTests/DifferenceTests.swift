import Checkpoints
import TestSupport
import Testing

@testable import Merging

/// Differences of checkpoints against the formulas written out.
struct DifferenceTests {
  private func difference(
    _ first: [FlatTensor], _ second: [FlatTensor], tolerance: Double = 0, threads: Int = 2,
    selects: (TensorName) -> Bool = { _ in true }
  ) throws -> CheckpointDifference {
    let workshop = try Workshop()
    return try CheckpointDifference(
      workshop.checkpoint("first", first), workshop.checkpoint("second", second, isShuffled: true),
      tolerance: tolerance, selects: selects, threads: threads)
  }

  @Test func figuresAreTheirFormulas() throws {
    var generator = SeededGenerator(seed: 2)
    let pair = (0..<2).map { _ in
      (0..<70_000).map { _ in Double(Float.random(in: -1...1, using: &generator)) }
    }
    let found = try difference(
      [FlatTensor("w", pair[0], placement: .chunked([999]))],
      [FlatTensor("w", pair[1], type: .float64, order: .big)])
    let result = try #require(found.different.first)
    let distances = zip(pair[0], pair[1]).map { abs($0 - $1) }
    let ratios = zip(pair[0], pair[1]).map { abs($0 - $1) / max(abs($0), abs($1)) }
    #expect(result.maximumAbsolute == distances.max())
    #expect(result.maximumRelative == ratios.max())
    #expect(result.count == distances.filter { $0 > 0 }.count)
    let meanSquare = distances.map { $0 * $0 }.reduce(0, +) / 70_000
    let rootMeanSquare = try #require(result.rootMeanSquare)
    #expect(abs(rootMeanSquare - meanSquare.squareRoot()) < 1e-12)
    let product = zip(pair[0], pair[1]).map { $0 * $1 }.reduce(0, +)
    let norms = pair.map { $0.map { $0 * $0 }.reduce(0, +).squareRoot() }
    let cosine = try #require(result.cosine)
    #expect(abs(cosine - product / (norms[0] * norms[1])) < 1e-12)
    #expect(found.isDifferent && !found.isEqual)
  }

  @Test func toleranceIsTheGreatestDistanceThatIsIgnored() throws {
    let (a, b) = ([FlatTensor("w", [1, 2, 3])], [FlatTensor("w", [1, 2.25, 3.5])])
    for (tolerance, count) in [(0, 2), (0.25, 1), (0.5, 0)] {
      let found = try difference(a, b, tolerance: tolerance)
      #expect(found.different.first?.count ?? 0 == count)
      #expect(found.isEqual == (count == 0))
    }
  }

  @Test func equalValuesInOtherTypesAndStoragesAreEqual() throws {
    let values = [1, -0.5, 2, 0, 1.5, 3]
    let found = try difference(
      [FlatTensor("w", values, shape: [2, 3]), FlatTensor("n", [3], type: .int8)],
      [
        FlatTensor("n", [3], type: .int64, order: .big),
        FlatTensor("w", values, type: .bfloat16, shape: [2, 3], placement: .chunked([1, 2])),
      ])
    #expect(found.isEqual)
    #expect(found.comparedCount == 2)
  }

  /// NaN equals NaN: two copies of a file are equal.
  @Test func copiesAreEqualWhateverTheyHold() throws {
    let tensors = [
      FlatTensor("w", [.nan, .infinity, -0.0, 1]),
      FlatTensor("o", bytes: [1, 2, 3, 4], type: .opaque(2), shape: [2]),
      FlatTensor("c", bytes: [UInt8](repeating: 3, count: 16), type: .complex64, shape: [2]),
    ]
    #expect(try difference(tensors, tensors).isEqual)
  }

  @Test func missingTensorsAndShapesAreDifferences() throws {
    let found = try difference(
      [FlatTensor("a", [1]), FlatTensor("s", [1, 2])],
      [FlatTensor("b", [1]), FlatTensor("s", [1, 2], shape: [2, 1])])
    #expect(found.onlyInFirst == [TensorName("a")])
    #expect(found.onlyInSecond == [TensorName("b")])
    #expect(found.obstacles.map(\.reason) == ["shapes differ: 2 and 2x1"])
    #expect(found.isDifferent)
    #expect(found.comparedCount == 0)
  }

  @Test func onlySelectedTensorsAreCompared() throws {
    let found = try difference(
      [FlatTensor("a", [1]), FlatTensor("w", [1])], [FlatTensor("b", [1]), FlatTensor("w", [1])],
      selects: { $0.text == "w" })
    #expect(found.isEqual)
  }

  /// Neighbouring 64-bit integers are one number in Float64.
  @Test func largeIntegersAreComparedExactly() throws {
    func integer(_ last: UInt8) -> [FlatTensor] {
      [FlatTensor("n", bytes: [last, 0, 0, 0, 0, 0, 0, 0x40], type: .int64, shape: [1])]
    }
    #expect(try difference(integer(1), integer(1)).isEqual)
    #expect(try difference(integer(1), integer(2)).different.map(\.count) == [1])
  }

  @Test func whatHasNoNumbersIsComparedByBytes() throws {
    func opaque(_ bytes: [UInt8]) -> [FlatTensor] {
      [FlatTensor("o", bytes: bytes, type: .opaque(3), shape: [2])]
    }
    let found = try difference(opaque([1, 2, 3, 4, 5, 6]), opaque([1, 2, 3, 4, 5, 7]))
    #expect(found.different.map(\.count) == [1])
    #expect(found.different.first?.maximumAbsolute == nil)
    let types = try difference(
      opaque([1, 2, 3, 4, 5, 6]), [FlatTensor("o", [1, 2])])
    #expect(types.obstacles.map(\.reason) == ["types differ: opaque(3) and float32"])
    #expect(types.isDifferent)
  }

  @Test func unreadableTensorsAreUnknownNotDifferent() throws {
    let broken = [FlatTensor("w", [1], placement: .unsupported("uses filter 32015"))]
    let found = try difference(broken, [FlatTensor("w", [1])])
    #expect(!found.isEqual && !found.isDifferent)
    #expect(found.obstacles.map(\.reason) == ["uses filter 32015"])
  }
}
