import Checkpoints
import TestSupport
import Testing

@testable import Merging

/// Methods that learn of a tensor, or hold rows together, give the same bits however work is cut.
struct MethodTilingTests {
  /// A method of some number of sources.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let hasBase: Bool
    let sourceCount: Int
    let make: MethodMaker

    init(
      _ name: String, hasBase: Bool = false, of sourceCount: Int, _ make: @escaping MethodMaker
    ) {
      testDescription = name
      self.hasBase = hasBase
      self.sourceCount = sourceCount
      self.make = make
    }
  }

  static let cases = [
    Case("slerp", of: 2) { (count) throws(CheckpointError) in
      try Slerp(t: 0.3, sourceCount: count)
    },
    Case("nuslerp of rows", of: 2) { (count) throws(CheckpointError) in
      try NuSlerp(weights: [1, 3], hasBase: false, sourceCount: count, flatten: false)
    },
    Case("nuslerp of columns", hasBase: true, of: 2) { (count) throws(CheckpointError) in
      try NuSlerp(weights: nil, hasBase: true, sourceCount: count, flatten: false, rowWise: true)
    },
    Case("multislerp", hasBase: true, of: 2) { (count) throws(CheckpointError) in
      try MultiSlerp(weights: [1, 2], hasBase: true, sourceCount: count)
    },
    Case("karcher", of: 3) { (count) throws(CheckpointError) in
      try Karcher(weights: [1, 2, 4], sourceCount: count)
    },
    Case("model stock", hasBase: true, of: 2) { (count) throws(CheckpointError) in
      try ModelStock(sourceCount: count)
    },
    Case("model stock of rows", hasBase: true, of: 2) { (count) throws(CheckpointError) in
      try ModelStock(sourceCount: count, filterWise: true)
    },
    Case("geometric median", of: 3) { (count) throws(CheckpointError) in
      try GeometricMedian(weights: nil, sourceCount: count)
    },
    Case("moving average", of: 3) { (count) throws(CheckpointError) in
      try MovingAverage(decay: 0.7, sourceCount: count)
    },
    Case("passthrough", of: 1) { (count) throws(CheckpointError) in
      try Passthrough(scale: 0.3, sourceCount: count)
    },
    Case("nearswap", hasBase: true, of: 1) { (count) throws(CheckpointError) in
      try NearSwap(t: 0.8, sourceCount: count)
    },
    Case("arcee fusion", hasBase: true, of: 1) { (count) throws(CheckpointError) in
      try ArceeFusion(sourceCount: count)
    },
    Case("ram", hasBase: true, of: 2) { (_) throws(CheckpointError) in try RAM(epsilon: 0.7) },
    Case("ramplus-tl", hasBase: true, of: 2) { (_) throws(CheckpointError) in
      try RAMPlusTL(epsilon: 0.7)
    },
  ]

  @Test(arguments: cases)
  func bytesDependNeitherOnPiecesNorOnThreads(method: Case) throws {
    let workshop = try Workshop()
    var sources = try TilingTests.inputs(workshop)
    let base = method.hasBase ? sources.removeFirst() : nil
    sources = Array(sources.prefix(method.sourceCount))
    for storage in [OutputRequest.Storage.contiguous, .keep] {
      func bytes(_ pieceBytes: Int?, _ threads: Int) throws -> [UInt8] {
        try workshop.merge(
          MergeRecipe.Operation(method.make), base: base, sources, pieceBytes: pieceBytes,
          threads: threads
        ) {
          $0.storage = storage
        }.bytes
      }
      let whole = try bytes(nil, 1)
      for pieceBytes in [1, 3, 4, 8, 12, 20, 36, 61, 97, 255, 1001, 1 << 20] {
        #expect(try bytes(pieceBytes, pieceBytes % 3 + 1) == whole, "\(pieceBytes) bytes a piece")
      }
    }
  }

  /// More than one section, so that partial results are put together.
  @Test func sectionsAreMergedInOrder() throws {
    let workshop = try Workshop()
    var generator = SeededGenerator(seed: 8)
    let count = TensorReader.sectionCount * 2 + 777
    let sources = try workshop.checkpoints(
      (0..<2).map { _ in (0..<count).map { _ in .random(in: -1...1, using: &generator) } })
    let operation = MergeRecipe.Operation { (count) throws(CheckpointError) in
      try Slerp(t: 0.3, sourceCount: count)
    }
    let alone = try workshop.merge(operation, sources, threads: 1).bytes
    #expect(try workshop.merge(operation, sources, threads: 3).bytes == alone)
  }
}
