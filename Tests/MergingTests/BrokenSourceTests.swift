import Checkpoints
import TestSupport
import Testing

@testable import Merging

/// A source that turns out to be damaged while it is read stops the merge and leaves no output.
struct BrokenSourceTests {
  /// A filter that some library wrote and nobody here can write.
  private struct ReadOnlyPipeline: ChunkPipeline {
    let filterNames = ["exotic"]

    func decode(
      _ stored: [UInt8], filterMask: UInt32, into output: inout [UInt8]
    ) throws(ChunkError) {
      try FlatPipeline().decode(stored, filterMask: filterMask, into: &output)
    }

    func encode(_ elements: [UInt8]) throws(ChunkError) -> [UInt8] {
      throw ChunkError("filter exotic can only be read")
    }
  }

  private func model(_ workshop: Workshop, _ name: String) throws -> Checkpoint {
    try workshop.checkpoint(
      name,
      [
        FlatTensor("plain", [1, 2, 3]),
        FlatTensor("chunks", [1, 2, 3, 4, 5], placement: .chunked([2])),
        FlatTensor("n", [1, 2, 3], type: .int32, role: .counter, placement: .chunked([3])),
      ])
  }

  /// The same survey over other bytes.
  private func checkpoint(
    _ model: Checkpoint, over bytes: [UInt8], at path: String, tensors: [Tensor]? = nil
  ) throws -> Checkpoint {
    Checkpoint(
      file: try FlatFile.file(bytes, at: path), format: model.format,
      tensors: tensors ?? model.tensors, attributes: [], layouter: FlatLayouter())
  }

  /// The first stored byte of a chunk of a tensor.
  private func offset(_ name: String, chunk: Int, in model: Checkpoint) throws -> Int {
    let tensor = try #require(model.tensors.first { $0.name.text == name })
    guard case .chunked(let grid) = tensor.storage else { return -1 }
    return try #require(grid.chunks[chunk]).extent.offset
  }

  @Test(arguments: ["chunks", "n"])
  func damagedChunksAreNamedAndTheOldOutputStays(name: String) throws {
    let workshop = try Workshop()
    let good = try model(workshop, "good")
    _ = try FlatFile.file([42], at: workshop.folder.file("out.flat"))
    var bytes = try FlatFile.bytes(of: good.file)
    bytes[try offset(name, chunk: 0, in: good)] ^= 0x80
    let bad = try checkpoint(good, over: bytes, at: workshop.folder.file("bad"))
    for sources in [[good, bad], [bad, good], [good, good, bad]] {
      for threads in 1...3 {
        let error = #expect(throws: CheckpointError.self) {
          try workshop.merge(.mean, sources, pieceBytes: 4, threads: threads)
        }
        #expect(error?.kind == .unusable)
        #expect(error?.file == bad.file.name)
        #expect(error?.subject == "tensor \(name)")
        #expect(error?.fact == "chunk 0: the checksum differs")
      }
    }
    #expect(workshop.folder.names == ["bad", "good", "out.flat"])
    let kept = try InputFile.open(workshop.folder.file("out.flat"))
    #expect(try FlatFile.bytes(of: kept) == [42])
  }

  /// A file may lose its end after its survey; at every length the merge fails or is right.
  @Test func filesCutShortAreErrorsOrRight() throws {
    let workshop = try Workshop()
    let good = try model(workshop, "good")
    let bytes = try FlatFile.bytes(of: good.file)
    let expected = try workshop.merge(.mean, [good, good]).bytes
    var failures = 0
    for length in 0..<bytes.count {
      let short = try checkpoint(
        good, over: Array(bytes.prefix(length)), at: workshop.folder.file("short"))
      do {
        #expect(try workshop.merge(.mean, [good, short], to: "result").bytes == expected)
      } catch let error as CheckpointError {
        failures += 1
        #expect(error.file == short.file.name)
        #expect(error.fact.hasPrefix("ended at byte \(length)"))
      }
    }
    #expect(failures > 0)
  }

  @Test func filtersThatCannotBeWrittenAreNamedWithAWayOut() throws {
    let workshop = try Workshop()
    let good = try model(workshop, "good")
    let tensors = try good.tensors.map { tensor -> Tensor in
      guard case .chunked(let grid) = tensor.storage, tensor.isMergeable else { return tensor }
      let exotic = try #require(
        ChunkGrid(
          shape: tensor.shape, chunkShape: grid.chunkShape, elementSize: tensor.elementSize,
          chunks: grid.chunks, fillElement: grid.fillElement, pipeline: ReadOnlyPipeline()))
      return try #require(
        Tensor(
          name: tensor.name, shape: tensor.shape, elementType: tensor.elementType,
          storage: .chunked(exotic)))
    }
    let bytes = try FlatFile.bytes(of: good.file)
    let exotic = try checkpoint(
      good, over: bytes, at: workshop.folder.file("exotic"), tensors: tensors)
    let error = #expect(throws: CheckpointError.self) {
      try workshop.merge(.mean, [exotic, good]) { $0.storage = .keep }
    }
    #expect(error?.subject == "tensor chunks")
    #expect(error?.fact == "filter exotic can only be read")
    #expect(error?.remedy == "use --layout contiguous")
    let merged = try workshop.merge(.mean, [exotic, good])
    #expect(try merged.values("chunks") == [1, 2, 3, 4, 5])
  }
}
