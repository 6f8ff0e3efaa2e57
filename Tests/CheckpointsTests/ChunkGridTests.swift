import Checkpoints
import TestSupport
import Testing

/// The geometry of chunks: every element lies in exactly one place of one chunk.
@Suite struct ChunkGridTests {
  /// A pipeline for grids whose chunks nobody decodes.
  private struct NoFilters: ChunkPipeline {
    let filterNames: [String] = []

    func decode(
      _ stored: [UInt8], filterMask: UInt32, into output: inout [UInt8]
    ) throws(ChunkError) {
      output = stored
    }

    func encode(_ elements: [UInt8]) throws(ChunkError) -> [UInt8] { elements }
  }

  private func makeGrid(_ shape: [Int], _ chunkShape: [Int], elementSize: Int = 4) -> ChunkGrid? {
    ChunkGrid(
      shape: shape, chunkShape: chunkShape, elementSize: elementSize, chunks: [:],
      fillElement: [UInt8](repeating: 0, count: max(0, elementSize)), pipeline: NoFilters())
  }

  /// Shapes of one to four axes, with chunks from single elements to larger than the tensor.
  static let cases: [(shape: [Int], chunkShape: [Int])] = {
    var generator = SeededGenerator(seed: 4)
    return (0..<150).map { _ in
      let rank = Int.random(in: 1...4, using: &generator)
      return (
        (0..<rank).map { _ in Int.random(in: 0...7, using: &generator) },
        (0..<rank).map { _ in Int.random(in: 1...9, using: &generator) }
      )
    }
  }()

  /// The position in C order of an element's coordinates.
  private func position(_ coordinates: [Int], in shape: [Int]) -> Int {
    zip(coordinates, shape).reduce(0) { $0 * $1.1 + $1.0 }
  }

  private func coordinates(_ position: Int, in shape: [Int]) -> [Int] {
    var rest = position
    return shape.reversed().map { extent in
      defer { rest /= extent }
      return rest % extent
    }.reversed()
  }

  @Test(arguments: cases)
  func rowsCoverEachElementOnce(_ shape: [Int], _ chunkShape: [Int]) throws {
    let grid = try #require(makeGrid(shape, chunkShape))
    let count = shape.reduce(1, *)
    var seen = [Int](repeating: 0, count: count)
    for index in 0..<grid.gridShape.reduce(1, *) {
      let box = grid.box(at: index, shape: shape)
      box.forEachRow(shape: shape, chunkShape: chunkShape) { row in
        for (step, element) in row.elements.enumerated() {
          seen[element] += 1
          // The chunk and the place within it follow from the coordinates by division.
          let place = coordinates(element, in: shape)
          let chunk = zip(place, chunkShape).map { $0 / $1 }
          let within = zip(place, chunkShape).map { $0 % $1 }
          #expect(position(chunk, in: grid.gridShape) == index)
          #expect(position(within, in: chunkShape) == row.chunkStart + step)
        }
      }
    }
    #expect(seen.allSatisfy { $0 == 1 })
  }

  @Test(arguments: cases)
  func noTouchedChunkIsLeftOut(_ shape: [Int], _ chunkShape: [Int]) throws {
    let grid = try #require(makeGrid(shape, chunkShape))
    let count = shape.reduce(1, *)
    var generator = SeededGenerator(seed: UInt64(count))
    for _ in 0..<20 {
      let lower = Int.random(in: 0...count, using: &generator)
      let range = lower..<Int.random(in: lower...count, using: &generator)
      let indices = grid.indices(touching: range, shape: shape)
      #expect(indices.upperBound <= grid.gridShape.reduce(1, *))
      for element in range {
        let chunk = zip(coordinates(element, in: shape), chunkShape).map { $0 / $1 }
        let index = position(chunk, in: grid.gridShape)
        #expect(indices.contains(index))
        #expect(grid.box(at: index, shape: shape).touches(range, shape: shape))
      }
    }
  }

  /// Whole bands share no chunk, so that a reader decodes each chunk once.
  @Test(arguments: cases)
  func bandsShareNoChunk(_ shape: [Int], _ chunkShape: [Int]) throws {
    let grid = try #require(makeGrid(shape, chunkShape))
    let count = shape.reduce(1, *)
    let band = grid.bandElementCount(shape: shape)
    guard band > 0, count > 0 else { return }
    var next = 0
    for start in stride(from: 0, to: count, by: band) {
      let indices = grid.indices(touching: start..<min(start + band, count), shape: shape)
      #expect(indices.lowerBound == next)
      next = indices.upperBound
    }
    #expect(next == grid.gridShape.reduce(1, *))
  }

  @Test func impossibleGridsAreRefused() {
    #expect(makeGrid([], []) == nil)
    #expect(makeGrid([4], [2, 2]) == nil)
    #expect(makeGrid([4, 4], [2, 0]) == nil)
    #expect(makeGrid([4, 4], [2, -2]) == nil)
    #expect(makeGrid([.max, .max], [1, 1]) == nil)
    #expect(makeGrid([4, 4], [1 << 32, 1 << 31]) == nil)
    #expect(makeGrid([4], [4], elementSize: -1) == nil)
    #expect(makeGrid([.max], [.max], elementSize: 8) == nil)
  }

  @Test func edgesAreRoundedUp() throws {
    let grid = try #require(makeGrid([7, 8, 0], [3, 4, 5]))
    #expect(grid.gridShape == [3, 2, 0])
    #expect(grid.chunkByteCount == 240)
    #expect(try #require(makeGrid([.max], [1 << 20])).gridShape == [1 << 43])
  }
}
