import Checkpoints
import Kernels

/// Reads samples of one tensor, as Float64.
///
/// A chunked data set usually holds many samples in a chunk. Whole rows of chunks are read and kept,
/// so that each chunk is inflated once although batches are smaller.
struct SampleStream {
  /// The most bytes of a row of chunks that is kept.
  private static let mostKept = 64 << 20

  let checkpoint: Checkpoint
  let tensor: Tensor
  /// The elements of a sample.
  let sampleSize: Int

  private var held = 0..<0
  private var bytes: [UInt8] = []
  private var scratch = ChunkScratch()

  /// A stream over a tensor whose first axis counts samples.
  init(_ tensor: Tensor, in checkpoint: Checkpoint) {
    self.tensor = tensor
    self.checkpoint = checkpoint
    // A product that overflows has a zero beside it, or the tensor couldn't have been described.
    sampleSize = checkedProduct(Array(tensor.shape.dropFirst())) ?? 0
  }

  /// Reads samples, so that ``decode(_:count:into:)`` finds them.
  ///
  /// - Throws: ``CheckpointError`` where the file can't be read or is damaged.
  mutating func load(_ samples: Range<Int>) throws(CheckpointError) {
    if held.lowerBound <= samples.lowerBound, samples.upperBound <= held.upperBound { return }
    let size = sampleSize * tensor.elementSize
    var wanted = samples
    if case .chunked(let grid) = tensor.storage, let rows = grid.chunkShape.first {
      let first = samples.lowerBound / rows * rows
      let last = (samples.upperBound - 1) / rows * rows
      let end = tensor.shape[0] - last > rows ? last + rows : tensor.shape[0]
      if (end - first) * size <= Self.mostKept { wanted = first..<max(first, end) }
    }
    held = 0..<0
    // Taken out of self, which is read while it is filled.
    var buffer = bytes
    bytes = []
    if buffer.count != wanted.count * size {
      buffer = [UInt8](repeating: 0, count: wanted.count * size)
    }
    do {
      var span = buffer.mutableSpan
      var target = unsafe span.mutableBytes
      try checkpoint.read(
        tensor, elements: wanted.lowerBound * sampleSize..<wanted.upperBound * sampleSize,
        into: &target, scratch: &scratch)
    }
    bytes = buffer
    held = wanted
  }

  /// Decodes elements of the loaded samples.
  ///
  /// - Parameters:
  ///   - element: The position of the first element in the tensor; it lies in a loaded sample.
  ///   - count: How many.
  ///   - values: Receives them; it is resized.
  func decode(_ element: Int, count: Int, into values: inout [Double]) {
    if values.count != count { values = [Double](repeating: 0, count: count) }
    let start = (element - held.lowerBound * sampleSize) * tensor.elementSize
    let range = start..<start + count * tensor.elementSize
    var span = values.mutableSpan
    ElementDecoding.decode(
      tensor.elementType, tensor.byteOrder, from: unsafe bytes.span.bytes.extracting(range),
      into: &span)
  }

  /// Copies elements of the loaded samples that are stored as native Float32.
  func copy(_ element: Int, into values: inout [Float]) {
    let start = (element - held.lowerBound * sampleSize) * MemoryLayout<Float>.size
    // Safe: the span checks the range of the source, and the sizes are the same.
    let source = unsafe bytes.span.bytes.extracting(
      start..<start + values.count * MemoryLayout<Float>.size)
    unsafe source.withUnsafeBytes { source in
      unsafe values.withUnsafeMutableBytes { unsafe $0.copyMemory(from: source) }
    }
  }
}
