import Checkpoints
import Kernels

/// Reads one tensor of several inputs tile by tile; one thread's buffers.
struct TileSource {
  /// A tensor of an input.
  struct Operand: Sendable {
    let checkpoint: Checkpoint
    let place: Int

    var tensor: Tensor { checkpoint.tensors[place] }
  }

  /// Elements in a tile, unless a row is longer: with a handful of inputs a tile fits the first-level
  /// cache.
  static let tileCount = 1024
  /// What is read of all inputs at once.
  private static let readBytes = 1 << 20
  /// What is read of a chunked input at once, at most: whole bands of chunks, or chunks would be
  /// inflated several times.
  private static let largestBand = 4 << 20

  /// How an operand stores its elements.
  private struct Format {
    let type: ElementType
    let order: ByteOrder
    let size: Int
  }

  private let operands: [Operand]
  // Looked up once, not for each tile.
  private let formats: [Format]
  private let tileCount: Int
  private let pieceCount: Int
  private var windows: [SourceWindow]
  private var tile: SourceTile

  /// A source.
  ///
  /// - Parameters:
  ///   - operands: The tensor in each input.
  ///   - kinds: What each input holds.
  ///   - unit: How many neighbouring elements a tile holds together.
  init(_ operands: [Operand], kinds: [SourceKind], unit: Int = 1) {
    self.operands = operands
    formats = operands.map { operand in
      let tensor = operand.tensor
      return Format(
        type: tensor.elementType, order: tensor.byteOrder, size: tensor.elementSize)
    }
    tileCount = max(unit, TileSource.tileCount / unit * unit)
    windows = operands.map { _ in SourceWindow() }
    tile = SourceTile(kinds: kinds, stride: tileCount)
    let elementBytes = operands.reduce(0) { $0 + $1.tensor.elementSize }
    var count = TileSource.readBytes / max(1, elementBytes)
    for operand in operands {
      guard case .chunked(let grid) = operand.tensor.storage else { continue }
      let band = grid.bandElementCount(shape: operand.tensor.shape)
      count = max(count, min(band, TileSource.largestBand / operand.tensor.elementSize))
    }
    pieceCount = (count / tileCount + 1) * tileCount
  }

  /// Calls `body` with the elements of a range in order.
  ///
  /// - Throws: ``CheckpointError`` where values can't be read, and what `body` throws.
  mutating func forEachTile(
    _ elements: Range<Int>,
    _ body: (borrowing SourceTile) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    for start in stride(from: elements.lowerBound, to: elements.upperBound, by: pieceCount) {
      let piece = start..<min(start + pieceCount, elements.upperBound)
      for (source, operand) in operands.enumerated() {
        let request = SourceWindow.Request(tensor: operand.place, elements: piece)
        try windows[source].load([request], from: operand.checkpoint)
      }
      for first in stride(from: start, to: piece.upperBound, by: tileCount) {
        decode(first..<min(first + tileCount, piece.upperBound), of: piece)
        try body(tile)
      }
    }
  }

  /// Fills the tile with elements of the piece that was read.
  private mutating func decode(_ elements: Range<Int>, of piece: Range<Int>) {
    tile.firstElement = elements.lowerBound
    tile.count = elements.count
    let skipped = elements.lowerBound - piece.lowerBound
    for source in formats.indices {
      let format = formats[source]
      let start = windows[source].places[0] + skipped * format.size
      let stored = windows[source].bytes
      let range = tile.range(source)
      var values = tile.values.mutableSpan
      var target = values._mutatingExtracting(range)
      let span = unsafe stored.span.bytes
      ElementDecoding.decode(
        format.type, format.order,
        from: span.extracting(start..<start + elements.count * format.size), into: &target)
    }
  }
}
