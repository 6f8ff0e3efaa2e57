internal import Checkpoints
import Synchronization

/// Where the rows of a pass's layers go that are more than a budget of memory holds: one temporary
/// file for all layers.
///
/// So a pass needs as much memory for many samples as for some, and its figures stay exact: every
/// row is kept, and none is summarised before all are known.
package final class RowArchive: Sendable {
  private let budget: Int
  private let file: ScratchFile
  private let users = Mutex(0)

  /// An archive that nobody uses yet.
  ///
  /// - Parameters:
  ///   - budget: The bytes that its users together may hold in memory.
  ///   - folder: Where the file is made, once it is needed; nil for `TMPDIR`.
  package init(budget: Int = 16 << 20, folder: String? = nil) {
    self.budget = budget
    file = ScratchFile(purpose: "keep the figures of every sample", folder: folder)
  }

  /// Counts a user, before any has rows.
  func join() { users.withLock { $0 += 1 } }

  /// The bytes that each user may hold.
  var share: Int { budget / max(1, users.withLock { $0 }) }

  /// Keeps values.
  ///
  /// - Returns: The place of the first.
  /// - Throws: ``CheckpointError`` of kind `output` where the folder takes no file or the disk is full.
  func append(_ values: Span<Double>) throws(CheckpointError) -> Int {
    unsafe try file.append(values.bytes) / MemoryLayout<Double>.stride
  }

  /// Reads values that have been kept.
  ///
  /// - Throws: ``CheckpointError`` of kind `output` where the disk fails.
  func read(at place: Int, into values: inout MutableSpan<Double>) throws(CheckpointError) {
    var bytes = unsafe values.mutableBytes
    try file.read(at: place * MemoryLayout<Double>.stride, into: &bytes)
  }
}
