/// The part of a tensor that one chunk holds: a box, cut off at the tensor's edges.
package struct ChunkBox: Sendable {
  /// The first element along each axis.
  package let origin: [Int]
  /// The number of elements along each axis that lie within the tensor.
  package let extent: [Int]

  /// The number of elements.
  package var elementCount: Int { extent.reduce(1, *) }

  /// A box of a tensor.
  package init(origin: [Int], extent: [Int]) {
    self.origin = origin
    self.extent = extent
  }

  /// A run along the last axis.
  package struct Row {
    /// Its positions in the tensor, in C order.
    package let elements: Range<Int>
    /// The position of its first element in the chunk, in C order.
    package let chunkStart: Int
  }

  /// Whether the box may hold one of `elements`: judged by its first and last element only.
  package func touches(_ elements: Range<Int>, shape: [Int]) -> Bool {
    var first = 0
    var last = 0
    for axis in shape.indices {
      first = first * shape[axis] + origin[axis]
      last = last * shape[axis] + origin[axis] + extent[axis] - 1
    }
    return first < elements.upperBound && last >= elements.lowerBound
  }

  /// Calls `body` with each run along the last axis, in C order.
  package func forEachRow<Fault: Error>(
    shape: [Int], chunkShape: [Int], _ body: (Row) throws(Fault) -> Void
  ) throws(Fault) {
    let outer = extent.count - 1
    var position = [Int](repeating: 0, count: outer)
    let rows = extent[..<outer].reduce(1, *)
    for _ in 0..<rows {
      var start = 0
      var chunkStart = 0
      for axis in 0..<outer {
        start = start * shape[axis] + origin[axis] + position[axis]
        chunkStart = chunkStart * chunkShape[axis] + position[axis]
      }
      start = start * shape[outer] + origin[outer]
      chunkStart *= chunkShape[outer]
      try body(Row(elements: start..<start + extent[outer], chunkStart: chunkStart))
      for axis in stride(from: outer - 1, through: 0, by: -1) {
        position[axis] += 1
        if position[axis] < extent[axis] { break }
        position[axis] = 0
      }
    }
  }
}

extension ChunkGrid {
  /// The number of elements of the tensor in one band: a row of chunks along the first axis.
  ///
  /// A range of whole bands needs each of its chunks once.
  package func bandElementCount(shape: [Int]) -> Int {
    min(chunkShape[0], max(shape[0], 1)) * shape.dropFirst().reduce(1, *)
  }

  /// The indices of the chunks in the bands that a range of elements crosses.
  package func indices(touching elements: Range<Int>, shape: [Int]) -> Range<Int> {
    let rowElements = shape.dropFirst().reduce(1, *)
    guard !elements.isEmpty, rowElements > 0 else { return 0..<0 }
    let chunksInBand = gridShape.dropFirst().reduce(1, *)
    let first = elements.lowerBound / rowElements / chunkShape[0]
    let last = (elements.upperBound - 1) / rowElements / chunkShape[0]
    return first * chunksInBand..<(last + 1) * chunksInBand
  }

  /// The box of the chunk with an index.
  package func box(at index: Int, shape: [Int]) -> ChunkBox {
    var origin = [Int](repeating: 0, count: shape.count)
    var rest = index
    for axis in stride(from: shape.count - 1, through: 0, by: -1) {
      origin[axis] = rest % gridShape[axis] * chunkShape[axis]
      rest /= gridShape[axis]
    }
    let extent = shape.indices.map { min(chunkShape[$0], shape[$0] - origin[$0]) }
    return ChunkBox(origin: origin, extent: extent)
  }
}
