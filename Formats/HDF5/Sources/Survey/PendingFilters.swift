import Checkpoints

enum ChunkFilters {
  static func pipeline(
    filters: [(id: Int, parameters: [UInt32])], elementSize: Int, chunkByteCount: Int
  ) -> Result<any ChunkPipeline, ChunkError> {
    filters.isEmpty ? .success(Plain()) : .failure(ChunkError("needs filters"))
  }
}

struct Plain: ChunkPipeline {
  var filterNames: [String] { [] }
  func decode(
    _ stored: [UInt8], filterMask: UInt32, into output: inout [UInt8]
  ) throws(ChunkError) {
    guard stored.count == output.count else { throw ChunkError("size") }
    output = stored
  }
  func encode(_ elements: [UInt8]) throws(ChunkError) -> [UInt8] { elements }
}
