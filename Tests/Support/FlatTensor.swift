package import Checkpoints

/// What a test wants in a ``FlatFile``: a tensor with its values and the way to store them.
package struct FlatTensor {
  /// How the values are stored.
  package enum Placement {
    /// One range of the file.
    case contiguous
    /// In memory.
    case inline
    /// In chunks of a shape; those at the given indices aren't stored and hold the fill element.
    case chunked([Int], absent: Set<Int> = [])
    /// Nowhere: every element is the first one of `bytes`.
    case fill
    /// So that they can't be read, for a reason.
    case unsupported(String)
  }

  package var name: String
  package var aliases: [String] = []
  package var shape: [Int]
  package var type: ElementType
  package var order = ByteOrder.little
  package var role = TensorRole.weight
  package var isVariance = false
  package var placement = Placement.contiguous
  /// The values in C order, as the file holds them.
  package var bytes: [UInt8]

  /// A tensor of the given bytes.
  package init(
    _ name: String, bytes: [UInt8], type: ElementType, shape: [Int], order: ByteOrder = .little,
    role: TensorRole = .weight, placement: Placement = .contiguous
  ) {
    self.name = name
    self.shape = shape
    self.type = type
    self.order = order
    self.role = role
    self.placement = placement
    self.bytes = bytes
  }

  /// A tensor of the given values; a vector unless a shape is given.
  package init(
    _ name: String, _ values: [Double], type: ElementType = .float32, shape: [Int]? = nil,
    order: ByteOrder = .little, role: TensorRole = .weight, isVariance: Bool = false,
    placement: Placement = .contiguous, aliases: [String] = []
  ) {
    self.init(
      name, bytes: ElementBytes.encode(values, as: type, order), type: type,
      shape: shape ?? [values.count], order: order, role: role, placement: placement)
    self.isVariance = isVariance
    self.aliases = aliases
  }
}

/// A filter for tests: every byte is turned around, and a checksum follows.
package struct FlatPipeline: ChunkPipeline {
  package let filterNames = ["invert"]

  package init() {}

  package func decode(
    _ stored: [UInt8], filterMask: UInt32, into output: inout [UInt8]
  ) throws(ChunkError) {
    if filterMask & 1 != 0 {
      guard stored.count == output.count else { throw ChunkError("has a wrong size") }
      output = stored
      return
    }
    guard stored.count == output.count + 1, stored.last == checksum(stored.dropLast()) else {
      throw ChunkError("the checksum differs")
    }
    output = stored.dropLast().map { ~$0 }
  }

  package func encode(_ elements: [UInt8]) throws(ChunkError) -> [UInt8] {
    let inverted = elements.map { ~$0 }
    return inverted + [checksum(inverted[...])]
  }

  private func checksum(_ bytes: ArraySlice<UInt8>) -> UInt8 {
    bytes.reduce(7) { $0 &* 31 &+ $1 }
  }
}
