/// What a thread keeps between reads of chunked tensors, so that nothing is allocated per chunk.
package struct ChunkScratch {
  fileprivate var stored: [UInt8] = []
  /// The elements of the chunk that was decoded last.
  fileprivate(set) var elements: [UInt8] = []

  /// Empty buffers, which grow to a chunk's size.
  package init() {}
}

extension Checkpoint {
  /// Reads a range of a tensor's elements, whatever its storage.
  ///
  /// - Parameters:
  ///   - tensor: One of `tensors`.
  ///   - elements: Positions in C order.
  ///   - bytes: Receives the elements as they stand in the file, in the tensor's byte order; as many
  ///     bytes as the range has.
  ///   - scratch: The calling thread's buffers.
  /// - Throws: ``CheckpointError`` where the file can't be read, a chunk is damaged, or the storage
  ///   isn't supported.
  package func read(
    _ tensor: Tensor, elements: Range<Int>, into bytes: inout MutableRawSpan,
    scratch: inout ChunkScratch
  ) throws(CheckpointError) {
    let size = tensor.elementSize
    switch tensor.storage {
    case .contiguous(let extent):
      try file.read(at: extent.offset + elements.lowerBound * size, into: &bytes)
    case .inline(let values):
      let range = elements.lowerBound * size..<elements.upperBound * size
      copy(values.span.extracting(range), into: &bytes, at: 0)
    case .fill(let element):
      for place in 0..<elements.count { copy(element.span, into: &bytes, at: place * size) }
    case .chunked(let grid):
      try readChunks(of: tensor, grid, elements: elements, into: &bytes, scratch: &scratch)
    case .unsupported(let reason):
      throw .unusable(file.name, tensor: tensor.name, reason)
    }
  }

  /// Decodes each chunk that the range touches and copies the rows that lie in both.
  private func readChunks(
    of tensor: Tensor, _ grid: ChunkGrid, elements: Range<Int>, into bytes: inout MutableRawSpan,
    scratch: inout ChunkScratch
  ) throws(CheckpointError) {
    let size = tensor.elementSize
    for index in grid.indices(touching: elements, shape: tensor.shape) {
      let box = grid.box(at: index, shape: tensor.shape)
      guard box.touches(elements, shape: tensor.shape) else { continue }
      try decode(grid, index: index, tensor: tensor, scratch: &scratch)
      box.forEachRow(shape: tensor.shape, chunkShape: grid.chunkShape) { row in
        let common = row.elements.clamped(to: elements)
        guard !common.isEmpty else { return }
        let source = (row.chunkStart + common.lowerBound - row.elements.lowerBound) * size
        copy(
          scratch.elements.span.extracting(source..<source + common.count * size), into: &bytes,
          at: (common.lowerBound - elements.lowerBound) * size)
      }
    }
  }

  /// Leaves the elements of a chunk in `scratch.elements`.
  func decode(
    _ grid: ChunkGrid, index: Int, tensor: Tensor, scratch: inout ChunkScratch
  ) throws(CheckpointError) {
    if scratch.elements.count != grid.chunkByteCount {
      scratch.elements = [UInt8](repeating: 0, count: grid.chunkByteCount)
    }
    guard let chunk = grid.chunks[index] else {
      let element = grid.fillElement
      if element.allSatisfy({ $0 == 0 }) {
        for place in scratch.elements.indices { scratch.elements[place] = 0 }
      } else {
        for place in scratch.elements.indices {
          scratch.elements[place] = element[place % element.count]
        }
      }
      return
    }
    if scratch.stored.count != chunk.extent.length {
      scratch.stored = [UInt8](repeating: 0, count: chunk.extent.length)
    }
    do {
      var stored = scratch.stored.mutableSpan
      var target = unsafe stored.mutableBytes
      try file.read(at: chunk.extent.offset, into: &target)
    }
    do throws(ChunkError) {
      try grid.pipeline.decode(
        scratch.stored, filterMask: chunk.filterMask, into: &scratch.elements)
    } catch {
      throw .unusable(
        file.name, tensor: tensor.name, "chunk \(index): \(error.reason)",
        remedy: "the file is damaged; fetch or write it again")
    }
  }
}

/// Copies bytes to a position.
func copy(_ source: Span<UInt8>, into target: inout MutableRawSpan, at offset: Int) {
  unsafe source.withUnsafeBytes { from in
    unsafe target.withUnsafeMutableBytes { to in
      unsafe UnsafeMutableRawBufferPointer(rebasing: to[offset..<offset + from.count])
        .copyMemory(from: from)
    }
  }
}
