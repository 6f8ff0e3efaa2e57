import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file without a name in `TMPDIR`, for what memory is too dear for; gone with this value's last
/// reference, or with the process.
///
/// Nothing is created until the first bytes come.
package final class ScratchFile: Sendable {
  private struct State {
    var descriptor: CInt?
    var size = 0
  }

  /// Completes "no temporary file to …" in errors.
  private let purpose: String
  private let folder: String
  private let state: Mutex<State>

  /// A file without a byte.
  ///
  /// - Parameters:
  ///   - purpose: Completes "no temporary file to …" in errors.
  ///   - folder: Where; nil for `TMPDIR`.
  package init(purpose: String, folder: String? = nil) {
    self.purpose = purpose
    self.folder = folder ?? TemporaryFile.folder
    state = Mutex(State())
  }

  deinit {
    if let descriptor = state.withLock({ $0.descriptor }) { close(descriptor) }
  }

  /// Writes bytes behind those that are there.
  ///
  /// - Returns: The position of the first.
  /// - Throws: ``CheckpointError`` of kind `output` where the folder takes no file or the disk is full.
  package func append(_ bytes: RawSpan) throws(CheckpointError) -> Int {
    let (descriptor, start) = try place(bytes.byteCount)
    if let fault = writeAll(bytes, to: descriptor, at: start) { throw error(fault, bytes: start) }
    return start
  }

  /// Reads bytes that have been written.
  ///
  /// - Parameters:
  ///   - offset: The position of the first.
  ///   - bytes: Receives them, as many as there is room for.
  /// - Throws: ``CheckpointError`` of kind `output` where the disk fails.
  package func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CheckpointError) {
    guard let descriptor = state.withLock({ $0.descriptor }) else {
      preconditionFailure("nothing was written")
    }
    let wanted = bytes.byteCount
    switch readAll(into: &bytes, from: descriptor, at: offset) {
    case .failure(let fault): throw error(fault, bytes: offset)
    // Nobody else can cut a file without a name short.
    case .success(let count) where count < wanted:
      throw error(SystemFault(code: EIO), bytes: offset + count)
    case .success: return
    }
  }

  /// A range behind all others.
  private func place(_ count: Int) throws(CheckpointError) -> (descriptor: CInt, start: Int) {
    try state.withLock { (state) throws(CheckpointError) in
      let descriptor: CInt
      if let known = state.descriptor { descriptor = known } else { descriptor = try make() }
      state.descriptor = descriptor
      defer { state.size += count }
      return (descriptor, state.size)
    }
  }

  /// The name goes at once: then no end of the process, however sudden, leaves a file behind.
  private func make() throws(CheckpointError) -> CInt {
    guard let (descriptor, path) = TemporaryFile.make("\(folder)/ctl-") else {
      throw error(SystemFault(code: errno), bytes: nil)
    }
    _ = unsafe unlink(path)
    Interruption.forget(path)
    return descriptor
  }

  private func error(_ fault: SystemFault, bytes: Int?) -> CheckpointError {
    TemporaryFile.error(fault, purpose: purpose, folder: folder, bytes: bytes)
  }
}
