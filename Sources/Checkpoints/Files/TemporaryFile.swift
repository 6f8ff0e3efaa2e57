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

  /// Makes an empty file whose name is a prefix and twelve random characters, and has a signal
  /// remove it; nil with `errno` set where that fails.
  ///
  /// The name is drawn here and not by `mkstemp`, so that a signal knows it before the file exists:
  /// in no moment is there a file that nobody would remove.
  static func make(_ prefix: String) -> (descriptor: CInt, path: String)? {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    while true {
      let path = prefix + String((0..<12).compactMap { _ in letters.randomElement() })
      Interruption.removeOnSignal(path)
      let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if descriptor >= 0 { return (descriptor, path) }
      let code = errno
      Interruption.forget(path)
      errno = code
      if code != EEXIST { return nil }
    }
  }

  /// The error that says which folder could not take the bytes.
  static func error(
    _ fault: SystemFault, purpose: String, folder: String = folder, bytes: Int?
  ) -> CheckpointError {
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

/// Reads bytes from a position of a file, fewer than there is room for only at its end.
///
/// - Returns: How many were read, or what went wrong.
func readAll(
  into bytes: inout MutableRawSpan, from descriptor: CInt, at offset: Int
) -> Result<Int, SystemFault> {
  var done = 0
  let wanted = bytes.byteCount
  while done < wanted {
    let result = unsafe bytes.withUnsafeMutableBytes { buffer in
      retrying {
        unsafe pread(
          descriptor, buffer.baseAddress?.advanced(by: done), wanted - done,
          off_t(offset + done))
      }
    }
    switch result {
    case .failure(let fault): return .failure(fault)
    case .success(0): return .success(done)
    case .success(let count): done += count
    }
  }
  return .success(done)
}
