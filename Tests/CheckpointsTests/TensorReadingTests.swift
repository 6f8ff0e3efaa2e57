import Checkpoints
import TestSupport
import Testing

/// Ranges of elements, read from every kind of storage.
struct TensorReadingTests {
  private func read(
    _ tensor: Tensor, _ elements: Range<Int>, in checkpoint: Checkpoint,
    _ scratch: inout ChunkScratch
  ) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0xAA, count: elements.count * tensor.elementSize)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes
    try checkpoint.read(tensor, elements: elements, into: &target, scratch: &scratch)
    return bytes
  }

  static let placements: [([Int], FlatTensor.Placement)] = [
    ([4, 5], .contiguous), ([4, 5], .inline), ([4, 5], .chunked([2, 2])),
    ([4, 5], .chunked([3, 5])), ([4, 5], .chunked([7, 9])), ([4, 5], .chunked([1, 1])),
    ([20], .chunked([6])), ([2, 3, 4], .chunked([2, 2, 3])),
    ([1, 1, 1, 7], .chunked([1, 1, 1, 2])),
  ]

  @Test(arguments: placements)
  func everyRangeIsTheValuesThere(shape: [Int], placement: FlatTensor.Placement) throws {
    let folder = try TemporaryFolder()
    let count = shape.reduce(1, *)
    // Elements of three bytes have no alignment to rely on.
    let values = (0..<count * 3).map { UInt8($0) }
    let checkpoint = try FlatFile.make(
      [FlatTensor("w", bytes: values, type: .opaque(3), shape: shape, placement: placement)],
      at: folder.file("w"))
    var scratch = ChunkScratch()
    for start in 0...count {
      for end in start...count {
        let found = try read(checkpoint.tensors[0], start..<end, in: checkpoint, &scratch)
        #expect(found == Array(values[start * 3..<end * 3]), "\(start)..<\(end)")
      }
    }
  }

  /// Every box of every placement holds what its elements hold one by one.
  @Test(arguments: placements)
  func everyBoxIsTheValuesThere(shape: [Int], placement: FlatTensor.Placement) throws {
    let folder = try TemporaryFolder()
    let count = shape.reduce(1, *)
    let values = (0..<count * 3).map { UInt8($0) }
    let checkpoint = try FlatFile.make(
      [FlatTensor("w", bytes: values, type: .opaque(3), shape: shape, placement: placement)],
      at: folder.file("w"))
    var generator = SeededGenerator(seed: UInt64(count))
    var scratch = ChunkScratch()
    for _ in 0..<200 {
      let origin = shape.map { Int.random(in: 0..<$0, using: &generator) }
      let extent = zip(shape, origin).map { Int.random(in: 0...$0 - $1, using: &generator) }
      let box = ChunkBox(origin: origin, extent: extent)
      var expected: [UInt8] = []
      for element in 0..<count {
        var rest = element
        let isInside = shape.indices.reversed().allSatisfy { axis in
          defer { rest /= shape[axis] }
          return (origin[axis]..<origin[axis] + extent[axis]).contains(rest % shape[axis])
        }
        if isInside { expected += values[element * 3..<element * 3 + 3] }
      }
      var bytes = [UInt8](repeating: 0xAA, count: box.elementCount * 3)
      do {
        var span = bytes.mutableSpan
        var target = unsafe span.mutableBytes
        try checkpoint.read(checkpoint.tensors[0], box: box, into: &target, scratch: &scratch)
      }
      #expect(bytes == expected, "\(origin) \(extent)")
    }
  }

  @Test func absentChunksHoldTheFillElement() throws {
    let folder = try TemporaryFolder()
    let file = try FlatFile.file(try FlatPipeline().encode([1, 2, 3, 4]), at: folder.file("w"))
    for fill in [[UInt8](repeating: 0, count: 2), [7, 9]] {
      let extent = try #require(Extent(offset: 0, length: 5))
      let grid = try #require(
        ChunkGrid(
          shape: [5], chunkShape: [2], elementSize: 2,
          chunks: [1: ChunkGrid.Chunk(extent: extent, filterMask: 0)], fillElement: fill,
          pipeline: FlatPipeline()))
      let tensor = try #require(
        Tensor(
          name: TensorName("w"), shape: [5], elementType: .uint16, storage: .chunked(grid)))
      let checkpoint = Checkpoint(
        file: file, format: "flat", tensors: [tensor], attributes: [], layouter: FlatLayouter())
      var scratch = ChunkScratch()
      #expect(
        try read(tensor, 0..<5, in: checkpoint, &scratch) == fill + fill + [1, 2, 3, 4] + fill)
      #expect(try read(tensor, 3..<5, in: checkpoint, &scratch) == [3, 4] + fill)
      #expect(try read(tensor, 1..<2, in: checkpoint, &scratch) == fill)
    }
  }

  @Test func unwrittenTensorsRepeatTheirElement() throws {
    let folder = try TemporaryFolder()
    let checkpoint = try FlatFile.make(
      [FlatTensor("w", [1.5, 1.5, 1.5], placement: .fill)], at: folder.file("w"))
    var scratch = ChunkScratch()
    let element = ElementBytes.encode([1.5], as: .float32)
    #expect(
      try read(checkpoint.tensors[0], 1..<3, in: checkpoint, &scratch) == element + element)
  }

  @Test func faultsNameTheFileTheTensorAndTheChunk() throws {
    let folder = try TemporaryFolder()
    let checkpoint = try FlatFile.make(
      [
        FlatTensor("chunks", [1, 2, 3, 4], placement: .chunked([2])),
        FlatTensor("other", [1], placement: .unsupported("uses filter 32015")),
      ], at: folder.file("w"))
    guard case .chunked(let grid) = checkpoint.tensors[0].storage, let chunk = grid.chunks[1] else {
      Issue.record("no chunk")
      return
    }
    var bytes = try FlatFile.bytes(of: checkpoint.file)
    bytes[chunk.extent.offset] ^= 1
    let damaged = Checkpoint(
      file: try FlatFile.file(bytes, at: folder.file("damaged")), format: "flat",
      tensors: checkpoint.tensors, attributes: [], layouter: FlatLayouter())
    var scratch = ChunkScratch()
    _ = try read(damaged.tensors[0], 0..<2, in: damaged, &scratch)
    let fault = #expect(throws: CheckpointError.self) {
      try read(damaged.tensors[0], 0..<3, in: damaged, &scratch)
    }
    #expect(fault?.file == damaged.file.name)
    #expect(fault?.subject == "tensor chunks")
    #expect(fault?.fact == "chunk 1: the checksum differs")
    let unsupported = #expect(throws: CheckpointError.self) {
      try read(damaged.tensors[1], 0..<1, in: damaged, &scratch)
    }
    #expect(unsupported?.fact == "uses filter 32015")
  }
}
