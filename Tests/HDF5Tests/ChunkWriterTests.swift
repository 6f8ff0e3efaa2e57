import Checkpoints
import Testing

@testable import HDF5

/// Chunks that threads hand over arrive in the file.
struct ChunkWriterTests {
  @Test func filteredChunksAreReadBack() throws {
    let template = try Fixtures.open("chunked.h5")
    let tree = try HDF5Tree.survey(template)
    try Fixtures.withFolder { folder in
      let output = try StagedFile.create(.file("\(folder)/out.h5"), replacing: false)
      let places = tree.datasets.indices.filter { place in
        if case .chunked = tree.datasets[place].storage { true } else { false }
      }
      let laidOut = try HDF5Layout.relayOut(
        template: template, tree: tree, to: output,
        HDF5Layout.Request(
          replacements: Dictionary(
            uniqueKeysWithValues: places.map { place in
              (place, .init(elementType: .int16, storage: .keep))
            })))
      let writer = try HDF5ChunkWriter(
        output: output,
        datasets: Dictionary(uniqueKeysWithValues: places.map { ($0, laidOut.datasets[$0]) }))
      try forEachConcurrently(count: places.count, threads: 4, makeState: { 0 }) {
        (index, _) throws(CheckpointError) in
        let place = places[index]
        guard case .chunked(let grid) = laidOut.datasets[place].storage else { return }
        for chunk in 0..<grid.gridShape.reduce(1, *) {
          do throws(ChunkError) {
            let bytes = try grid.pipeline.encode(Self.elements(grid, place, chunk))
            try Self.store(bytes, grid, chunk, place, writer)
          } catch {
            throw .unusable("chunked.h5", error.reason)
          }
        }
      }
      try writer.finish()
      try output.commit(durably: false)

      let file = try InputFile.open("\(folder)/out.h5")
      let result = try HDF5Tree.survey(file)
      for place in places {
        guard case .chunked(let grid) = result.datasets[place].storage else {
          Issue.record("\(result.datasets[place].path) isn't chunked")
          continue
        }
        let count = grid.gridShape.reduce(1, *)
        #expect(grid.chunks.count == count)
        #expect(
          try Fixtures.values(of: result.datasets[place], in: file)
            == (0..<count).flatMap { Self.elements(grid, place, $0) })
      }
    }
  }

  @Test func anImpossibleChunkIsAnError() throws {
    let template = try Fixtures.open("chunked.h5")
    let tree = try HDF5Tree.survey(template)
    let bytes = try Fixtures.bytes(of: template)
    let dataset = try #require(tree.dataset("unfiltered"))
    try Fixtures.withFolder { folder in
      let output = try StagedFile.create(.file("\(folder)/out.h5"), replacing: false)
      #expect(unsafe writeAll(bytes.span.bytes, to: output.descriptor, at: 0) == nil)
      let writer = try HDF5ChunkWriter(output: output, datasets: [3: dataset])
      #expect(throws: CheckpointError.self) { try writer.store([1], at: [0, 0], tensor: 4) }
      // The worker may be heard of only at the end.
      let error = #expect(throws: CheckpointError.self) {
        try writer.store([1, 2, 3, 4], at: [1000, 1000], tensor: 3)
        try writer.finish()
      }
      #expect(error?.kind == .output)
    }
  }

  /// Recognisable elements for a chunk.
  private static func elements(_ grid: ChunkGrid, _ place: Int, _ chunk: Int) -> [UInt8] {
    (0..<grid.chunkByteCount).map { UInt8(truncatingIfNeeded: $0 / 3 + 7 * place + 31 * chunk) }
  }

  private static func store(
    _ bytes: [UInt8], _ grid: ChunkGrid, _ chunk: Int, _ place: Int, _ writer: HDF5ChunkWriter
  ) throws(ChunkError) {
    var rest = chunk
    var origin = [Int](repeating: 0, count: grid.gridShape.count)
    for axis in grid.gridShape.indices.reversed() {
      origin[axis] = rest % grid.gridShape[axis] * grid.chunkShape[axis]
      rest /= grid.gridShape[axis]
    }
    do throws(CheckpointError) {
      try writer.store(bytes, at: origin, tensor: place)
    } catch {
      throw ChunkError(error.description)
    }
  }
}
