import Checkpoints
import Crypto
import TestSupport
import Testing

@testable import Merging

/// Statistics and verification of tensors' values.
struct SurveyTests {
  private func statistics(_ tensor: FlatTensor) throws -> TensorStatistics? {
    let checkpoint = try Workshop().checkpoint("w", [tensor])
    return try TensorStatistics(of: checkpoint.tensors[0], in: checkpoint)
  }

  @Test(arguments: floatTypes)
  func figuresAreTheirFormulas(type: ElementType) throws {
    var generator = SeededGenerator(seed: 6)
    let values = (0..<70_001).map { _ in
      Double(Int.random(in: -100...100, using: &generator)) / 64
    }
    let placements: [FlatTensor.Placement] = [.contiguous, .inline, .chunked([1000])]
    for placement in placements {
      let found = try #require(
        try statistics(FlatTensor("w", values, type: type, order: .big, placement: placement)))
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / count
      #expect(found.minimum == values.min())
      #expect(found.maximum == values.max())
      #expect(abs(try #require(found.mean) - mean) < 1e-12)
      #expect(abs(try #require(found.standardDeviation) - variance.squareRoot()) < 1e-12)
      let norm = values.map { $0 * $0 }.reduce(0, +).squareRoot()
      #expect(abs(try #require(found.norm) - norm) < 1e-9)
      #expect(found.zeroCount == values.filter { $0 == 0 }.count)
      #expect(found.nanCount == 0 && found.infiniteCount == 0)
      let digest = SHA256.hash(data: ElementBytes.encode(values, as: type))
      #expect(found.sha256 == hexadecimal(digest))
    }
  }

  @Test func valuesThatAreNotFiniteAreCountedApart() throws {
    let found = try #require(
      try statistics(FlatTensor("w", [.nan, 3, .infinity, -.infinity, -1, 0, -0.0])))
    #expect(found.nanCount == 1)
    #expect(found.infiniteCount == 2)
    #expect(found.zeroCount == 2)
    #expect(found.minimum == -1 && found.maximum == 3 && found.mean == 0.5)
  }

  @Test func figuresAreNilWithoutFiniteNumbers() throws {
    for values in [[], [Double.nan]] {
      let found = try #require(try statistics(FlatTensor("w", values)))
      #expect(found.minimum == nil && found.maximum == nil && found.mean == nil)
    }
    let opaque = FlatTensor("o", bytes: [1, 2], type: .opaque(2), shape: [1])
    #expect(try #require(try statistics(opaque)).norm == nil)
    #expect(try statistics(FlatTensor("w", [1], placement: .unsupported("why"))) == nil)
  }

  @Test func complexNumbersAreTwoNumbersEach() throws {
    let bytes = ElementBytes.encode([3, -4], as: .float32, .big)
    let found = try #require(
      try statistics(
        FlatTensor("c", bytes: bytes, type: .complex64, shape: [1], order: .big)))
    #expect(found.norm == 5)
    #expect(found.minimum == -4)
    #expect(
      found.sha256 == hexadecimal(SHA256.hash(data: ElementBytes.encode([3, -4], as: .float32))))
  }

  @Test(arguments: 1...3)
  func verificationFindsEveryProblem(threads: Int) throws {
    let folder = try TemporaryFolder()
    let checkpoint = try FlatFile.make(
      [
        FlatTensor("good", [1, 2]), FlatTensor("nan", [.nan, .infinity, 1]),
        FlatTensor("broken", [1], placement: .unsupported("uses filter 32015")),
        FlatTensor("text", bytes: [], type: .string, shape: [1], placement: .unsupported("text")),
        FlatTensor("chunks", [1, 2, 3], placement: .chunked([2])),
      ], at: folder.file("w"), inconsistencies: ["layer a: has no group"])
    let sound = try Verification(checkpoint, threads: threads)
    #expect(sound.problems.map(\.kind) == [.nonFinite, .damaged, .inconsistent])
    #expect(sound.problems.map(\.tensor?.text) == ["nan", "broken", nil])
    #expect(
      sound.problems.map(\.fact) == [
        "holds 1 NaN and 1 infinite values", "uses filter 32015", "layer a: has no group",
      ])
    #expect(sound.tensorCount == 3)
    #expect(sound.byteCount == 8 + 12 + 12)
  }

  /// Every byte of a chunk and its checksum counts; other bytes of the file don't.
  @Test func damageIsFoundInTheTensorThatHasIt() throws {
    let folder = try TemporaryFolder()
    let tensors = [
      FlatTensor("first", [1, 2], placement: .chunked([2])),
      FlatTensor("second", [1, 2], placement: .chunked([2])),
    ]
    let whole = try FlatFile.make(tensors, at: folder.file("whole"))
    let bytes = try FlatFile.bytes(of: whole.file)
    guard case .chunked(let grid) = whole.tensors[1].storage, let chunk = grid.chunks[0] else {
      Issue.record("second isn't chunked")
      return
    }
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 0x10
      let checkpoint = Checkpoint(
        file: try FlatFile.file(damaged, at: folder.file("damaged")), format: "flat",
        tensors: [whole.tensors[1]], attributes: [], layouter: FlatLayouter())
      let problems = try Verification(checkpoint, threads: 1).problems
      let isHit = (chunk.extent.offset..<chunk.extent.end).contains(place)
      #expect(problems.map(\.kind) == (isHit ? [.damaged] : []))
      if isHit { #expect(problems[0].fact == "chunk 0: the checksum differs") }
    }
  }
}
