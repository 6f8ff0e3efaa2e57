import Checkpoints
import Synchronization

/// The checksums of an archive's bytes, taken as they are written.
///
/// An output of gigabytes needn't be read back then. Pieces come in any order and from any thread;
/// their checksums are put together by `crc32_combine`.
final class WrittenChecksums: WriteObserver {
  fileprivate struct Piece {
    let offset: Int
    let length: Int
    let crc32: UInt32

    var end: Int { offset + length }
  }

  private let pieces = Mutex<[Piece]>([])

  func wrote(_ bytes: RawSpan, at offset: Int) {
    guard bytes.byteCount > 0 else { return }
    let piece = Piece(offset: offset, length: bytes.byteCount, crc32: CRC32.of(bytes))
    pieces.withLock { $0.append(piece) }
  }

  /// What was written so far, in the file's order.
  func inOrder() -> InOrder {
    let sorted = pieces.withLock { $0 }.sorted { $0.offset < $1.offset }
    var end = 0
    var alone: [Piece] = []
    for (place, piece) in sorted.enumerated() {
      let next = place + 1 < sorted.count ? sorted[place + 1].offset : .max
      if piece.offset >= end, next >= piece.end { alone.append(piece) }
      end = max(end, piece.end)
    }
    return InOrder(known: alone[...])
  }

  /// Checksums of ranges that are asked for in the file's order.
  struct InOrder {
    /// The pieces ahead that share no byte with another.
    fileprivate var known: ArraySlice<Piece>

    /// The checksum of a range behind all earlier ones.
    ///
    /// What wasn't written in pieces within the range, or was written twice, is read.
    ///
    /// - Parameters:
    ///   - extent: The range.
    ///   - file: The output, as it was written.
    ///   - threads: The most threads that read it.
    /// - Returns: The checksum.
    /// - Throws: ``CheckpointError`` where the output can't be read back.
    mutating func crc32(
      of extent: Extent, in file: InputFile, threads: Int
    ) throws(CheckpointError) -> UInt32 {
      var sum = CRC32.Sum()
      var position = extent.offset
      known = known.drop { $0.offset < position }
      while let piece = known.first, piece.end <= extent.end {
        try append(position..<piece.offset)
        sum.add(piece.crc32, length: piece.length)
        position = piece.end
        known.removeFirst()
      }
      try append(position..<extent.end)
      return sum.crc32

      func append(_ range: Range<Int>) throws(CheckpointError) {
        guard !range.isEmpty, let extent = Extent(offset: range.lowerBound, length: range.count)
        else { return }
        sum.add(try CRC32.of(extent, in: file, threads: threads), length: range.count)
      }
    }
  }
}
