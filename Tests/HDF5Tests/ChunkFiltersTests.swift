import Checkpoints
import Testing

@testable import HDF5

/// Filters against chunks that h5py wrote, and against damage.
@Suite struct ChunkFiltersTests {
  typealias Filters = [(id: Int, parameters: [UInt32])]

  private func pipeline(_ filters: Filters, size: Int, bytes: Int) throws -> any ChunkPipeline {
    try ChunkFilters.pipeline(filters: filters, elementSize: size, chunkByteCount: bytes).get()
  }

  private func decode(
    _ pipeline: any ChunkPipeline, _ stored: [UInt8], mask: UInt32 = 0, count: Int
  ) throws(ChunkError) -> [UInt8] {
    var output = [UInt8](repeating: 0xEE, count: count)
    try pipeline.decode(stored, filterMask: mask, into: &output)
    return output
  }

  @Test(arguments: FilterVector.all)
  func readsWhatH5pyWrote(_ vector: FilterVector) throws {
    let count = vector.elements.count
    let pipeline = try pipeline(vector.filters, size: vector.elementSize, bytes: count)
    #expect(try decode(pipeline, vector.storedBytes, count: count) == vector.elements)
    let again = try pipeline.encode(vector.elements)
    #expect(try decode(pipeline, again, count: count) == vector.elements)
    // Filters without a choice of the compressor must write the same bytes.
    if !vector.filters.contains(where: { $0.id == 1 || $0.id == 32000 }) {
      #expect(again == vector.storedBytes)
    }
  }

  /// The reference's checksums of long chunks, where sums must be reduced on the way.
  @Test func fletcher32OfManyBytes() throws {
    let filter = Fletcher32Filter()
    let ones = [UInt8](repeating: 255, count: 3_000_001)
    #expect(try filter.encode(ones).suffix(4) == [0x00, 0xFF, 0x00, 0xFF])
    let mixed = FilterVector.elements(3_000_001)
    #expect(try filter.encode(mixed).suffix(4) == [0x1F, 0x6C, 0x66, 0x96])
    #expect(try filter.encode([0, 0, 0]) == [UInt8](repeating: 0, count: 7))
  }

  /// HDF5 1.6.2 and before wrote the checksum's bytes swapped in pairs.
  @Test func fletcher32OfEarlyVersions() throws {
    let filter = Fletcher32Filter()
    var stored = try filter.encode([1, 2, 3, 4, 5])
    stored.swapAt(5, 6)
    stored.swapAt(7, 8)
    #expect(try filter.decode(stored, limit: 5) == [1, 2, 3, 4, 5])
    stored.swapAt(6, 7)
    #expect(throws: ChunkError.self) { try filter.decode(stored, limit: 5) }
  }

  static let pipelines: [Filters] = [
    [], [(1, [4])], [(1, [0])], [(2, [4])], [(2, [3])], [(3, [])], [(32000, [4, 261, 0])],
    [(2, [4]), (1, [9])], [(2, [8]), (1, [1]), (3, [])], [(3, []), (1, [6])],
    [(2, [2]), (32000, []), (3, [])], [(3, []), (2, [2]), (32000, []), (1, [4])],
  ]

  @Test(arguments: pipelines.indices)
  func everySmallChunkReturns(_ index: Int) throws {
    let filters = ChunkFiltersTests.pipelines[index]
    for count in 0...70 {
      let pipeline = try pipeline(filters, size: 1, bytes: count)
      for elements in [FilterVector.elements(count), [UInt8](repeating: 7, count: count)] {
        let stored = try pipeline.encode(elements)
        #expect(try decode(pipeline, stored, count: count) == elements)
      }
    }
  }

  /// Matches of every length and distances up to the greatest.
  @Test func lzfReturnsLongChunks() throws {
    var state: UInt32 = 1
    let noise = (0..<9000).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    let filter = LZFFilter()
    for length in [3, 8, 9, 10, 263, 264, 265, 266, 600] {
      for distance in [1, 2, 31, 255, 256, 257, 8191, 8192, 8193] {
        var bytes = Array(noise[..<distance])
        for i in 0..<length { bytes.append(bytes[i]) }
        bytes += noise[..<5]
        let stored = try filter.encode(bytes)
        #expect(try filter.decode(stored, limit: bytes.count) == bytes)
        #expect(stored.count <= filter.encodedLimit(for: bytes.count))
      }
    }
    let zeros = [UInt8](repeating: 0, count: 100_000)
    #expect(try filter.encode(zeros).count < 1300)
  }

  @Test func skippedFiltersAreLeftOut() throws {
    let filters: Filters = [(2, [4]), (1, [4]), (3, [])]
    let elements = FilterVector.elements(160)
    let whole = try pipeline(filters, size: 4, bytes: 160)
    for mask: UInt32 in 0..<8 {
      let kept = filters.indices.filter { mask & (1 << UInt32($0)) == 0 }.map { filters[$0] }
      let stored = try pipeline(kept, size: 4, bytes: 160).encode(elements)
      #expect(try decode(whole, stored, mask: mask, count: 160) == elements)
    }
  }

  @Test(arguments: [(32015, "zstd (32015)"), (4, "szip (4)"), (32026, "blosc2 (32026)")])
  func unsupportedFiltersAreNamed(_ id: Int, _ name: String) throws {
    let result = ChunkFilters.pipeline(filters: [(id, [])], elementSize: 4, chunkByteCount: 16)
    guard case .failure(let error) = result else {
      Issue.record("filter \(id) was accepted")
      return
    }
    #expect(error.reason.hasPrefix("needs HDF5 filter \(name), which isn't supported; "))
  }

  @Test func refusesNonsense() throws {
    for filters: Filters in [[(2, [0])], [(777, [])], Array(repeating: (3, []), count: 33)] {
      let result = ChunkFilters.pipeline(filters: filters, elementSize: 4, chunkByteCount: 16)
      #expect(throws: ChunkError.self) { try result.get() }
    }
    let pipeline = try pipeline([(2, [4_294_967_295])], size: 4, bytes: 16)
    #expect(try pipeline.encode([UInt8](repeating: 1, count: 16)).count == 16)
    #expect(throws: ChunkError.self) { try pipeline.encode([1]) }
    #expect(pipeline.filterNames == ["shuffle"])
  }

  /// A stream that holds more than the chunk is refused at the chunk's size.
  @Test(arguments: [1, 32000])
  func bombsAreRefused(_ id: Int) throws {
    let bomb = try pipeline([(id, [9])], size: 1, bytes: 10_000_000)
      .encode([UInt8](repeating: 0, count: 10_000_000))
    #expect(bomb.count < 130_000)
    for count in [0, 1, 4096, 9_999_999] {
      let small = try pipeline([(id, [9])], size: 1, bytes: count)
      let error = #expect(throws: ChunkError.self) { try decode(small, bomb, count: count) }
      #expect(error?.reason.contains("more than \(count) bytes") == true)
    }
    let large = try pipeline([(id, [9])], size: 1, bytes: 10_000_001)
    #expect(throws: ChunkError.self) { try decode(large, bomb, count: 10_000_001) }
  }

  /// Truncation at every length and every flipped bit: an error or a full chunk, never a trap; with a
  /// checksum over everything, an error or the right answer.
  @Test(arguments: FilterVector.all)
  func damageIsAnError(_ vector: FilterVector) throws {
    let elements = vector.elements
    let stored = vector.storedBytes
    let pipeline = try pipeline(vector.filters, size: vector.elementSize, bytes: elements.count)
    let isChecked = vector.filters.contains { $0.id == 1 || $0.id == 3 }
    for length in 0..<stored.count {
      let output = try? decode(pipeline, Array(stored[..<length]), count: elements.count)
      #expect(output == nil)
    }
    for bit in 0..<(stored.count * 8) {
      var damaged = stored
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      let output = try? decode(pipeline, damaged, count: elements.count)
      if isChecked { #expect(output == nil || output == elements) }
      if let output { #expect(output.count == elements.count) }
    }
  }

  /// Bytes that no filter wrote.
  @Test(arguments: pipelines.indices)
  func noiseIsNeverATrap(_ index: Int) throws {
    let pipeline = try pipeline(ChunkFiltersTests.pipelines[index], size: 1, bytes: 64)
    var state: UInt64 = 99
    for length in 0..<200 {
      for _ in 0..<10 {
        let noise = (0..<length).map { _ in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          return UInt8(truncatingIfNeeded: state >> 56)
        }
        let output = try? decode(pipeline, noise, mask: UInt32(state >> 40) & 3, count: 64)
        #expect(output == nil || output?.count == 64)
      }
    }
  }
}
