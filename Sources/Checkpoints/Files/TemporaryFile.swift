#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Temporary files without a name, which vanish with their descriptor.
enum TemporaryFile {
  /// Makes an empty file in `TMPDIR` and removes its name at once.
  ///
  /// - Parameter purpose: Completes "no temporary file to …" in the error.
  /// - Returns: A descriptor open for reading and writing.
  /// - Throws: ``CheckpointError`` of kind `output`.
  static func makeUnnamed(purpose: String) throws(CheckpointError) -> CInt {
    var template = Array("\(folder)/ctl-XXXXXX".utf8CString)
    let descriptor = unsafe template.withUnsafeMutableBufferPointer { buffer -> CInt in
      unsafe buffer.baseAddress.map { unsafe mkstemp($0) } ?? -1
    }
    guard descriptor >= 0 else {
      throw error(SystemFault(code: errno), purpose: purpose, bytes: nil)
    }
    unsafe template.withUnsafeBufferPointer { buffer in
      if let path = buffer.baseAddress { _ = unsafe unlink(path) }
    }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }

  /// The error that says which folder could not take the bytes.
  static func error(_ fault: SystemFault, purpose: String, bytes: Int?) -> CheckpointError {
    let reached = bytes.map { " after \($0) bytes" } ?? ""
    return CheckpointError(
      .output, file: folder, fact: "no temporary file to \(purpose)\(reached): \(fault.message)",
      remedy: "set TMPDIR to a folder with enough space")
  }

  private static var folder: String {
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
