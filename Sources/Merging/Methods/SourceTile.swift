package import Checkpoints

/// The same elements of every input, as Float64.
package struct SourceTile {
  /// What each input holds.
  package let kinds: [SourceKind]
  /// The distance between two inputs' first values: the most elements that a tile can have.
  package let stride: Int
  /// The place of the first element in the tensor, in C order.
  package var firstElement = 0
  /// The number of elements at present.
  package var count = 0
  /// The values: input after input, each at a multiple of `stride`.
  package var values: [Double]

  /// A tile for inputs of the given kinds.
  package init(kinds: [SourceKind], stride: Int) {
    self.kinds = kinds
    self.stride = stride
    self.values = [Double](repeating: 0, count: kinds.count * stride)
  }

  /// The number of inputs.
  package var sourceCount: Int { kinds.count }

  /// Where an input's elements lie in `values`.
  package func range(_ source: Int) -> Range<Int> {
    source * stride..<source * stride + count
  }
}

/// The same elements of every input as they are stored, where all inputs and the output store them
/// alike.
package struct StoredTile {
  /// The type of the elements.
  package let type: ElementType
  /// The order of their bytes.
  package let order: ByteOrder
  /// What was read of each input.
  package let buffers: [[UInt8]]
  /// Where the elements begin in each of `buffers`.
  package private(set) var starts: [Int]

  /// Elements of all inputs; the place of the output says how many.
  package init(type: ElementType, order: ByteOrder, buffers: [[UInt8]], starts: [Int]) {
    self.type = type
    self.order = order
    self.buffers = buffers
    self.starts = starts
  }

  /// Goes on to the elements after the next `byteCount` bytes.
  package mutating func advance(by byteCount: Int) {
    for source in starts.indices { starts[source] += byteCount }
  }
}

extension SourceTile {
  /// How far a source is from the base, which is the first input: `τ = x - b`, or the source's own
  /// value where it is a task vector.
  @inline(__always)
  package func difference(of source: Int, at element: Int) -> Double {
    let value = values[source * stride + element]
    return kinds[source] == .taskVector ? value : value - values[element]
  }

  /// A source's value as a model's: `x`, or `b + τ` where it is a task vector.
  @inline(__always)
  package func model(of source: Int, at element: Int) -> Double {
    let value = values[source * stride + element]
    return kinds[source] == .taskVector ? values[element] + value : value
  }
}
