import Checkpoints
import Synchronization

extension TensorReader {
  /// Takes up all elements of some tensors in an order that is left open, where it makes no
  /// difference, as in counting.
  ///
  /// A thread goes on with the same partial result, so there are as many as there are threads.
  ///
  /// - Parameters:
  ///   - tensors: The tensors.
  ///   - threads: The number of threads.
  ///   - isRepeated: Whether an earlier pass has looked whether all values are finite.
  ///   - initial: What a partial result begins with.
  ///   - add: Takes up a tile of a tensor, which is given by its place among the tensors.
  ///   - merge: Puts two partial results together.
  /// - Returns: The result.
  /// - Throws: ``CheckpointError`` where values can't be read, or aren't finite and have to be.
  static func tally<Partial: Sendable>(
    _ tensors: [TensorReader], threads: Int, isRepeated: Bool = false, _ initial: Partial,
    _ add:
      @Sendable (inout Partial, _ tensor: Int, borrowing SourceTile) throws(CheckpointError) -> Void,
    merge: @Sendable (inout Partial, Partial) -> Void
  ) throws(CheckpointError) -> Partial {
    let pieces = pieces(of: tensors)
    let idle = Mutex([Partial]())
    try forEachConcurrently(count: pieces.count, threads: threads, makeState: { () }) {
      (index, _) throws(CheckpointError) in
      var partial = idle.withLock { $0.popLast() } ?? initial
      for (tensor, elements) in pieces[index] {
        try tensors[tensor].forEachTile(elements, isRepeated: isRepeated) {
          (tile) throws(CheckpointError) in
          try add(&partial, tensor, tile)
        }
      }
      idle.withLock { $0.append(partial) }
    }
    return idle.withLock { partials in
      var total = partials.popLast() ?? initial
      for partial in partials { merge(&total, partial) }
      return total
    }
  }

  /// Sections of large tensors, and small tensors together until they have a section's elements.
  private static func pieces(of tensors: [TensorReader]) -> [[(tensor: Int, Range<Int>)]] {
    var pieces: [[(tensor: Int, Range<Int>)]] = []
    var room = 0
    for (place, tensor) in tensors.enumerated() {
      let section = tensor.section()
      for start in stride(from: 0, to: tensor.elementCount, by: section) {
        let elements = start..<min(start + section, tensor.elementCount)
        if room < elements.count {
          pieces.append([])
          room = sectionCount
        }
        pieces[pieces.count - 1].append((place, elements))
        room -= elements.count
      }
    }
    return pieces
  }
}
