import Checkpoints
import Synchronization

/// The checksums of an archive's bytes, taken as they are written.
///
/// An output of gigabytes needn't be read back then. Pieces come in any order and from any thread;
/// their checksums are put together by `crc32_combine`.
final class WrittenChecksums: WriteObserver {
  private struct Piece {
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

  /// The checksums of ranges of the output.
  ///
  /// What wasn't written in pieces within a range, or was written twice, is read.
  ///
  /// - Parameters:
  ///   - extents: The ranges, in the file's order.
  ///   - file: The output, as it was written.
  ///   - threads: The most threads that read it.
  /// - Returns: A checksum for each range.
  /// - Throws: ``CheckpointError`` where the output can't be read back.
  func crc32s(
    of extents: [Extent], in file: InputFile, threads: Int
  ) throws(CheckpointError) -> [UInt32] {
    let known = writtenOnce()
    var next = known.startIndex
    var checksums: [UInt32] = []
    for extent in extents {
      var sum = CRC32.Sum()
      var position = extent.offset
      while next < known.endIndex, known[next].offset < position { next += 1 }
      while next < known.endIndex, known[next].end <= extent.end {
        try Self.append(position..<known[next].offset, of: file, to: &sum, threads: threads)
        sum.add(known[next].crc32, length: known[next].length)
        position = known[next].end
        next += 1
      }
      try Self.append(position..<extent.end, of: file, to: &sum, threads: threads)
      checksums.append(sum.crc32)
    }
    return checksums
  }

  /// The pieces that share no byte with another, in the file's order.
  private func writtenOnce() -> [Piece] {
    let sorted = pieces.withLock { $0 }.sorted { $0.offset < $1.offset }
    var end = 0
    return sorted.indices.compactMap { place in
      let piece = sorted[place]
      let isAlone =
        piece.offset >= end && (sorted.dropFirst(place + 1).first?.offset ?? .max) >= piece.end
      end = max(end, piece.end)
      return isAlone ? piece : nil
    }
  }

  private static func append(
    _ range: Range<Int>, of file: InputFile, to sum: inout CRC32.Sum, threads: Int
  ) throws(CheckpointError) {
    guard !range.isEmpty, let extent = Extent(offset: range.lowerBound, length: range.count)
    else { return }
    sum.add(try CRC32.of(extent, in: file, threads: threads), length: range.count)
  }
}
