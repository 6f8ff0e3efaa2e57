import CSystemCalls

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension StagedFile {
  /// Reserves the output's final size, so that a full disk is found before the work.
  ///
  /// Reserved blocks also let several threads write without each write growing the file, which is
  /// three times faster on ext4. Where the file system can't reserve, the size alone is set.
  ///
  /// - Parameter size: The final size in bytes.
  /// - Throws: ``CheckpointError`` of kind `output`, with the bytes needed and free.
  public func reserve(_ size: Int) throws(CheckpointError) {
    guard size > 0 else { return }
    #if !canImport(Darwin)
      var code = CInt(EINTR)
      while code == EINTR { code = posix_fallocate(descriptor, 0, off_t(size)) }
      switch code {
      case 0: return
      case EOPNOTSUPP, EINVAL, ENOSYS: break
      default: throw failure(SystemFault(code: code), needed: size)
      }
    #endif
    if let free = freeBytes, free < size {
      throw failure(SystemFault(code: ENOSPC), needed: size)
    }
    guard ftruncate(descriptor, off_t(size)) == 0 else {
      throw failure(SystemFault(code: errno), needed: size)
    }
  }

  /// The size of the output at present.
  public var byteCount: Int {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// The bytes that the file system still has for this user, or nil where it doesn't tell.
  var freeBytes: Int? {
    var status = statvfs()
    guard unsafe fstatvfs(descriptor, &status) == 0 else { return nil }
    let (bytes, overflow) = Int(status.f_bavail).multipliedReportingOverflow(
      by: Int(status.f_frsize))
    return overflow ? nil : bytes
  }

  /// Starts writing a finished range to the disk without waiting, so that the final sync has less
  /// to wait for.
  ///
  /// - Parameters:
  ///   - offset: The position of the first byte.
  ///   - length: The number of bytes.
  public func startWriteback(at offset: Int, length: Int) {
    // A hint: where it fails, the final sync does all the work.
    _ = ctl_start_writeback(descriptor, Int64(offset), Int64(length))
  }
}
