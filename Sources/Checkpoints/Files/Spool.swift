import Synchronization

/// A temporary file whose ranges are filled when they are first read.
///
/// A compressed array, or one in another order, has no range of its file that could be read in
/// place. It gets a range here, and who only lists tensors never pays for it.
package final class Spool: Sendable {
  private struct State {
    var size = 0
    var file: TemporaryFile?
  }

  /// Completes "no temporary file to …" in errors.
  private let purpose: String
  private let state = Mutex(State())

  /// A spool without a byte; nothing is created until a range is read.
  ///
  /// - Parameter purpose: Completes "no temporary file to …" in errors.
  package init(purpose: String) {
    self.purpose = purpose
  }

  /// A new range.
  ///
  /// - Parameters:
  ///   - length: Its size in bytes.
  ///   - fill: Writes the bytes, all of them, the first time that one is wanted.
  /// - Returns: The range, as yet empty.
  package func range(
    length: Int, fill: @escaping @Sendable (SpoolRange) throws(CheckpointError) -> Void
  ) -> SpoolRange {
    let start = state.withLock { state in
      defer { state.size += length }
      return state.size
    }
    return SpoolRange(self, start: start, length: length, fill: fill)
  }

  fileprivate func file() throws(CheckpointError) -> TemporaryFile {
    try state.withLock { (state) throws(CheckpointError) in
      if let file = state.file { return file }
      let file = try TemporaryFile(purpose: purpose)
      state.file = file
      return file
    }
  }

  fileprivate func error(_ fault: SystemFault, at offset: Int) -> CheckpointError {
    TemporaryFile.error(fault, purpose: purpose, bytes: offset)
  }
}

/// A range of a ``Spool``.
package final class SpoolRange: ByteSource {
  private enum State {
    case empty
    case full
    case failed(CheckpointError)
  }

  private let spool: Spool
  private let start: Int
  /// The size in bytes.
  package let length: Int
  private let fill: @Sendable (SpoolRange) throws(CheckpointError) -> Void
  private let state = Mutex(State.empty)

  fileprivate init(
    _ spool: Spool, start: Int, length: Int,
    fill: @escaping @Sendable (SpoolRange) throws(CheckpointError) -> Void
  ) {
    self.spool = spool
    self.start = start
    self.length = length
    self.fill = fill
  }

  /// Writes a part of the range; for the closure that fills it.
  package func write(_ bytes: RawSpan, at offset: Int) throws(CheckpointError) {
    let file = try spool.file()
    if let fault = writeAll(bytes, to: file.descriptor, at: start + offset) {
      throw spool.error(fault, at: start + offset)
    }
  }

  package func read(
    at offset: Int, into bytes: inout MutableRawSpan
  ) throws(CheckpointError) -> Int {
    try makeSureItIsFull()
    let file = try spool.file()
    let source = DescriptorSource(file, name: "temporary file")
    return try source.read(at: start + offset, into: &bytes)
  }

  /// Fills the range unless that was done or failed before; others wait meanwhile.
  private func makeSureItIsFull() throws(CheckpointError) {
    try state.withLock { (state) throws(CheckpointError) in
      switch state {
      case .full: return
      case .failed(let error): throw error
      case .empty:
        do throws(CheckpointError) {
          try fill(self)
          state = .full
        } catch {
          state = .failed(error)
          throw error
        }
      }
    }
  }
}
