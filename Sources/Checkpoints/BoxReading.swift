extension Checkpoint {
  /// The largest gap between rows that is read along: below the cost of another system call.
  private static let largestGap = 4096
  /// The most bytes that are read at once where rows lie apart.
  private static let largestRun = 1 << 20

  /// Reads a box of a tensor's elements, whatever its storage.
  ///
  /// - Parameters:
  ///   - tensor: One of `tensors`.
  ///   - box: A part of it.
  ///   - bytes: Receives the elements in the box's own C order, in the tensor's byte order.
  ///   - scratch: The calling thread's buffers.
  /// - Throws: ``CheckpointError`` as when a range is read.
  package func read(
    _ tensor: Tensor, box: ChunkBox, into bytes: inout MutableRawSpan,
    scratch: inout ChunkScratch
  ) throws(CheckpointError) {
    switch tensor.storage {
    case .chunked(let grid):
      try readChunks(of: tensor, grid, box: box, into: &bytes, scratch: &scratch)
    case .contiguous(let extent):
      try readRuns(of: tensor, extent, box: box, into: &bytes)
    case .inline, .fill, .unsupported:
      let size = tensor.elementSize
      try box.forEachRow(shape: tensor.shape, chunkShape: box.extent) {
        (row) throws(CheckpointError) in
        let start = row.chunkStart * size
        var part = bytes._mutatingExtracting(start..<start + row.elements.count * size)
        try read(tensor, elements: row.elements, into: &part, scratch: &scratch)
      }
    }
  }

  /// Reads rows that lie close together in one go.
  private func readRuns(
    of tensor: Tensor, _ extent: Extent, box: ChunkBox, into bytes: inout MutableRawSpan
  ) throws(CheckpointError) {
    let size = tensor.elementSize
    var run = 0..<0
    var rows: [(start: Int, place: Int, count: Int)] = []
    func readRun(_ bytes: inout MutableRawSpan) throws(CheckpointError) {
      guard let range = Extent(offset: extent.offset + run.lowerBound, length: run.count) else {
        return
      }
      let found = try file.bytes(range)
      for row in rows {
        let start = row.start - run.lowerBound
        copy(found.span.extracting(start..<start + row.count), into: &bytes, at: row.place)
      }
      rows.removeAll(keepingCapacity: true)
    }
    try box.forEachRow(shape: tensor.shape, chunkShape: box.extent) {
      (row) throws(CheckpointError) in
      let start = row.elements.lowerBound * size
      let end = row.elements.upperBound * size
      if rows.isEmpty || start - run.upperBound > Self.largestGap
        || end - run.lowerBound > Self.largestRun
      {
        if !rows.isEmpty { try readRun(&bytes) }
        run = start..<end
      }
      run = run.lowerBound..<end
      rows.append((start, row.chunkStart * size, end - start))
    }
    if !rows.isEmpty { try readRun(&bytes) }
  }

  /// Decodes each chunk that shares elements with the box, and copies what they share.
  private func readChunks(
    of tensor: Tensor, _ grid: ChunkGrid, box: ChunkBox, into bytes: inout MutableRawSpan,
    scratch: inout ChunkScratch
  ) throws(CheckpointError) {
    let size = tensor.elementSize
    guard box.extent.allSatisfy({ $0 > 0 }) else { return }
    let first = zip(box.origin, grid.chunkShape).map { $0 / $1 }
    let last = tensor.shape.indices.map {
      (box.origin[$0] + box.extent[$0] - 1) / grid.chunkShape[$0]
    }
    let chunks = ChunkBox(origin: first, extent: zip(last, first).map { $0 - $1 + 1 })
    try chunks.forEachRow(shape: grid.gridShape, chunkShape: chunks.extent) {
      (row) throws(CheckpointError) in
      for index in row.elements {
        try decode(grid, index: index, tensor: tensor, scratch: &scratch)
        let chunk = grid.box(at: index, shape: tensor.shape)
        chunk.forEachCommonRow(with: box, ownShape: grid.chunkShape) { from, to, count in
          copy(
            scratch.elements.span.extracting(from * size..<(from + count) * size),
            into: &bytes, at: to * size)
        }
      }
    }
  }
}

extension ChunkBox {
  /// Calls `body` with each run along the last axis that two boxes share, in C order: where it
  /// starts in this box, which is stored as a box of `ownShape`, where it starts in the other, which
  /// is stored as it is, and how many elements it has.
  func forEachCommonRow(
    with other: ChunkBox, ownShape: [Int], _ body: (_ own: Int, _ other: Int, _ count: Int) -> Void
  ) {
    let axes = origin.indices
    let start = axes.map { max(origin[$0], other.origin[$0]) }
    let end = axes.map { min(origin[$0] + extent[$0], other.origin[$0] + other.extent[$0]) }
    guard axes.allSatisfy({ start[$0] < end[$0] }) else { return }
    // Seen from the other box; the run's own place differs by what the origins differ.
    let common = ChunkBox(
      origin: axes.map { start[$0] - other.origin[$0] }, extent: axes.map { end[$0] - start[$0] })
    let shift = axes.map { start[$0] - origin[$0] }
    let base = zip(shift, ownShape).reduce(0) { $0 * $1.1 + $1.0 }
    common.forEachRow(shape: other.extent, chunkShape: ownShape) { row in
      body(base + row.chunkStart, row.elements.lowerBound, row.elements.count)
    }
  }
}
