#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file in `TMPDIR` that is removed with this value's last reference, or by a signal.
///
/// It keeps its name while it lives: libhdf5 resolves the name of every file that it opens, and
/// fails on one whose name is gone.
final class TemporaryFile: Sendable {
  /// Open for reading and writing.
  let descriptor: CInt
  private let path: String

  /// Makes an empty file.
  ///
  /// - Parameter purpose: Completes "no temporary file to …" in the error.
  /// - Throws: ``CheckpointError`` of kind `output`.
  init(purpose: String) throws(CheckpointError) {
    guard let (descriptor, path) = TemporaryFile.make("\(TemporaryFile.folder)/ctl-") else {
      throw TemporaryFile.error(SystemFault(code: errno), purpose: purpose, bytes: nil)
    }
    self.descriptor = descriptor
    self.path = path
  }

  deinit {
    _ = unsafe unlink(path)
    Interruption.forget(path)
    close(descriptor)
  }

  /// Makes an empty file whose name is a prefix and six random characters, and has a signal remove
  /// it; nil with `errno` set where that fails.
  static func make(_ prefix: String) -> (descriptor: CInt, path: String)? {
    var template = Array("\(prefix)XXXXXX".utf8CString)
    let descriptor = unsafe template.withUnsafeMutableBufferPointer { buffer -> CInt in
      unsafe buffer.baseAddress.map { unsafe mkstemp($0) } ?? -1
    }
    guard descriptor >= 0 else { return nil }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    Interruption.removeOnSignal(path)
    return (descriptor, path)
  }

  /// The error that says which folder could not take the bytes.
  static func error(_ fault: SystemFault, purpose: String, bytes: Int?) -> CheckpointError {
    let reached = bytes.map { " after \($0) bytes" } ?? ""
    return CheckpointError(
      .output, file: folder, fact: "no temporary file to \(purpose)\(reached): \(fault.message)",
      remedy: "set TMPDIR to a folder with enough space")
  }

  static var folder: String {
    guard let value = unsafe getenv("TMPDIR"), unsafe value.pointee != 0 else { return "/tmp" }
    return unsafe String(cString: value)
  }
}

/// Writes all bytes at a position of a file.
///
/// - Returns: What went wrong, or nil.
package func writeAll(_ bytes: RawSpan, to descriptor: CInt, at offset: Int) -> SystemFault? {
  var done = 0
  while done < bytes.byteCount {
    let result = unsafe bytes.withUnsafeBytes { buffer in
      retrying {
        unsafe pwrite(
          descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done,
          off_t(offset + done))
      }
    }
    switch result {
    case .failure(let fault): return fault
    case .success(let count): done += count
    }
  }
  return nil
}
