internal import Checkpoints

/// Filters applied one after the other: in order when writing, backwards when reading.
struct FilterPipeline: ChunkPipeline {
  let filters: [any ChunkFilter]
  let chunkByteCount: Int

  var filterNames: [String] { filters.map(\.name) }

  func decode(
    _ stored: [UInt8], filterMask: UInt32, into output: inout [UInt8]
  ) throws(ChunkError) {
    let applied = filters.indices.filter { filterMask & (1 << UInt32($0)) == 0 }

    // The most bytes that each filter was given when the chunk was written.
    var limits = [output.count]
    for i in applied { limits.append(filters[i].encodedLimit(for: limits[limits.count - 1])) }

    var bytes = stored
    for (position, i) in applied.enumerated().reversed() {
      bytes = try filters[i].decode(bytes, limit: limits[position])
    }
    guard bytes.count == output.count else {
      throw ChunkError("holds \(bytes.count) bytes instead of \(output.count)")
    }
    output = bytes
  }

  func encode(_ elements: [UInt8]) throws(ChunkError) -> [UInt8] {
    guard elements.count == chunkByteCount else {
      throw ChunkError("has \(elements.count) bytes to be stored instead of \(chunkByteCount)")
    }
    var bytes = elements
    for filter in filters { bytes = try filter.encode(bytes) }
    return bytes
  }
}
