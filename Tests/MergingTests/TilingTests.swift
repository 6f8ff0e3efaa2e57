import Checkpoints
import TestSupport
import Testing

@testable import Merging

/// How the work is cut and shared out changes no bit of the output.
struct TilingTests {
  static let operations = MethodCase.all

  /// Three inputs of the same tensors with random values, types and places in the file.
  private func inputs(_ workshop: Workshop) throws -> [Checkpoint] {
    var generator = SeededGenerator(seed: 3)
    return try [ElementType.float32, .float16, .float64].enumerated().map { place, type in
      let shapes: [(String, [Int], FlatTensor.Placement)] = [
        ("a", [5], .contiguous), ("b", [], .contiguous), ("c", [4, 9], .contiguous),
        ("d", [7, 5], .chunked([3, 2])), ("e", [3], .inline), ("f", [61], .contiguous),
      ]
      let tensors = shapes.map { name, shape, placement in
        FlatTensor(
          name, (0..<shape.reduce(1, *)).map { _ in .random(in: -2...2, using: &generator) },
          type: type, shape: shape, order: place == 1 ? .big : .little, placement: placement)
      }
      return try workshop.checkpoint("\(place)", tensors, isShuffled: place == 2)
    }
  }

  private func merge(
    _ workshop: Workshop, _ inputs: [Checkpoint], _ operation: Int, pieceBytes: Int?,
    threads: Int, _ change: (inout MergeRecipe) -> Void
  ) throws -> [UInt8] {
    let method = TilingTests.operations[operation]
    var sources = Array(inputs.prefix(method.inputCount))
    return try workshop.merge(
      method.operation, base: method.hasBase ? sources.removeFirst() : nil, sources,
      pieceBytes: pieceBytes, threads: threads, change
    ).bytes
  }

  @Test(arguments: TilingTests.operations.indices, [nil, ElementType.bfloat16, .float64])
  func bytesDependNeitherOnPiecesNorOnThreads(operation: Int, type: ElementType?) throws {
    let workshop = try Workshop()
    let inputs = try inputs(workshop)
    for storage in [OutputRequest.Storage.contiguous, .keep] {
      let change = { (recipe: inout MergeRecipe) in
        recipe.elementType = type
        recipe.storage = storage
      }
      let whole = try merge(
        workshop, inputs, operation, pieceBytes: nil, threads: 1, change)
      // Methods that look at elements only are tried at every size.
      let sizes = operation < MethodCase.linear.count ? Array(1...70) : [1, 2, 7, 24, 64]
      for pieceBytes in sizes + [97, 255, 1001, 1 << 20] {
        let threads = pieceBytes % 3 + 1
        let bytes = try merge(
          workshop, inputs, operation, pieceBytes: pieceBytes, threads: threads, change)
        #expect(bytes == whole, "\(pieceBytes) bytes a piece, \(threads) threads")
      }
      for threads in 1...3 {
        for pieceBytes in [1, 13, 64] {
          let bytes = try merge(
            workshop, inputs, operation, pieceBytes: pieceBytes, threads: threads, change)
          #expect(bytes == whole, "\(pieceBytes) bytes a piece, \(threads) threads")
        }
      }
    }
  }

  @Test func aLargeTensorIsManyPieces() throws {
    let workshop = try Workshop()
    var generator = SeededGenerator(seed: 5)
    let values = (0..<2).map { _ in
      (0..<40_000).map { _ in Double(Float.random(in: -1...1, using: &generator)) }
    }
    let inputs = try workshop.checkpoints(values)
    let expected = ElementBytes.encode(
      zip(values[0], values[1]).map { 0.25 * $0 + 0.75 * $1 }, as: .float32)
    for pieceBytes in [4096, 16_411, nil] {
      let merged = try workshop.merge(
        .interpolate(alpha: 0.25), inputs, pieceBytes: pieceBytes, threads: 3)
      #expect(try merged.bytes("w") == expected)
    }
  }

  /// The outputs of a sweep share buffers, which they must not see of one another.
  @Test(arguments: [64, 1000, 4096, nil])
  func aSweepsOutputsAreThoseMadeAlone(pieceBytes: Int?) throws {
    let workshop = try Workshop()
    var generator = SeededGenerator(seed: 6)
    let inputs = try (0..<2).map { place in
      try workshop.checkpoint(
        "\(place)",
        (0..<20).map { number in
          FlatTensor(
            "t\(number)", (0..<97).map { _ in Double.random(in: -1...1, using: &generator) })
        }, gaps: 0...9)
    }
    let alphas = [0.25, 0.5, 2]
    let plans = try alphas.map { try workshop.plan(.interpolate(alpha: $0), inputs) }
    var options = MergeExecutor.Options(threads: 3)
    options.pieceBytes = pieceBytes
    let paths = alphas.map { workshop.folder.file("sweep-\($0)") }
    _ = try MergeExecutor(sweep: plans, options: options).run(to: paths.map { .file($0) })
    for (alpha, path) in zip(alphas, paths) {
      let alone = try workshop.merge(.interpolate(alpha: alpha), inputs)
      #expect(try FlatFile.bytes(of: InputFile.open(path)) == alone.bytes, "\(alpha)")
    }
  }

  /// Runs of tensors are read at once where gaps are small, and apart where they aren't.
  @Test(arguments: [0...0, 0...3, 0...40, 4000...4200])
  func manySmallTensorsInFilesOfDifferentLayout(gaps: ClosedRange<Int>) throws {
    let workshop = try Workshop()
    var generator = SeededGenerator(seed: 9)
    let sizes = (0..<300).map { _ in Int.random(in: 1...5, using: &generator) }
    var values: [[[Double]]] = []
    let inputs = try (0..<3).map { place in
      let own = sizes.map { size in
        (0..<size).map { _ in Double(Int.random(in: -99...99, using: &generator)) }
      }
      values.append(own)
      let tensors = own.enumerated().map { FlatTensor("t\($0)", $1) }
      return try workshop.checkpoint(
        "\(place)", place == 1 ? tensors.reversed() : tensors,
        gaps: place == 2 ? 0...100 : gaps, isShuffled: place > 0)
    }
    for pieceBytes in [nil, 50, 5000] {
      let merged = try workshop.merge(
        .soup(weights: [1, 2, 4], normalize: false), inputs, pieceBytes: pieceBytes)
      for (tensor, size) in sizes.enumerated() {
        let expected = (0..<size).map { place in
          values[0][tensor][place] + 2 * values[1][tensor][place] + 4 * values[2][tensor][place]
        }
        // Input 1 lists its tensors backwards, but names decide.
        #expect(try merged.values("t\(tensor)") == expected)
      }
    }
  }
}
