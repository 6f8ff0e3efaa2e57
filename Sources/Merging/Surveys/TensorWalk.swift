import Checkpoints
import Kernels

extension Checkpoint {
  /// The elements that are held in memory at once: few enough that the allocator reuses the same
  /// memory, which for larger blocks would come fresh from the system each time.
  static var walkBlock: Int { 1 << 13 }

  /// Calls `body` with all of a tensor's elements in order, as little-endian bytes.
  ///
  /// - Throws: ``CheckpointError`` where the values can't be read.
  func forEachBlock(
    of tensor: Tensor, scratch: inout ChunkScratch,
    _ body: (_ elements: Range<Int>, _ bytes: [UInt8]) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    // Whole bands of chunks, so that each chunk is inflated once.
    var block = Checkpoint.walkBlock
    if case .chunked(let grid) = tensor.storage {
      let band = max(1, grid.bandElementCount(shape: tensor.shape))
      block = band > 128 * block ? block : band * max(1, block / band)
    }
    for start in stride(from: 0, to: tensor.elementCount, by: block) {
      let elements = start..<min(start + block, tensor.elementCount)
      try body(elements, try littleEndianBytes(of: tensor, elements, scratch: &scratch))
    }
  }
}

extension Tensor {
  /// The type in which the kernels see the values, and how many numbers an element is; nil where
  /// elements are no numbers that the kernels know.
  var numbers: (type: ElementType, perElement: Int)? {
    switch elementType {
    case .complex64: (.float32, 2)
    case .complex128: (.float64, 2)
    case _ where elementType.isFloatingPoint || elementType.isInteger: (elementType, 1)
    default: nil
    }
  }

  /// A block of elements as Float64, or nil where they are no numbers.
  func decoded(_ bytes: [UInt8]) -> [Double]? {
    guard let numbers, let size = numbers.type.byteCount else { return nil }
    var values = [Double](repeating: 0, count: bytes.count / size)
    var span = values.mutableSpan
    ElementDecoding.decode(numbers.type, .little, from: unsafe bytes.span.bytes, into: &span)
    return values
  }
}
