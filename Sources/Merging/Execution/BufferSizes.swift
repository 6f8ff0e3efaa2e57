/// How much a thread of a merge reads and writes at once.
///
/// Writes are large, as the page cache takes them best; reads are small enough that the thread's
/// own cache still holds what was read of all inputs when it is combined. Both are powers of two,
/// so that the page cache's large folios lie whole in them.
struct BufferSizes {
  /// The size of a piece of work, which is written at once; pieces end at its multiples in the file.
  let piece: Int
  /// What is read of each input at once for a part of a piece, in bytes of the output.
  let block: Int
  /// The memory of one thread's buffers.
  let byteCount: Int

  /// The memory that all threads' buffers together may take.
  private static let budget = 24 << 20
  /// Larger writes gain nothing more on any file system that was tried.
  private static let largestPiece = 1 << 20
  /// Larger reads neither.
  private static let largestBlock = 256 << 10
  /// What a thread reads of all inputs at once.
  private static let readBudget = 1 << 20
  /// Below this, calls of the system cost more than what they move.
  private static let least = 16 << 10

  /// The sizes for a number of inputs.
  ///
  /// - Parameters:
  ///   - reads: The bytes that are read for one byte of the output.
  ///   - threads: The number of threads, who share the memory.
  init(reads: Int, threads: Int) {
    let share = BufferSizes.budget / threads
    let piece = BufferSizes.rounded(min(BufferSizes.largestPiece, share / 2))
    let block = BufferSizes.rounded(
      min(
        BufferSizes.largestBlock, BufferSizes.readBudget / reads, (share - piece) / reads, piece))
    self.init(piece: piece, block: block, reads: reads)
  }

  /// The sizes for pieces of a chosen size.
  init(piece: Int, reads: Int) {
    let piece = max(1, piece)
    self.init(piece: piece, block: max(1, piece / 4), reads: reads)
  }

  private init(piece: Int, block: Int, reads: Int) {
    self.piece = piece
    self.block = block
    byteCount = reads * block + piece
  }

  /// The power of two that isn't above a size, and not below the least.
  private static func rounded(_ size: Int) -> Int {
    1 << (Int.bitWidth - 1 - max(least, size).leadingZeroBitCount)
  }
}
