import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An output that is seen under its name only when it is whole.
///
/// The bytes go to a temporary sibling of the target (same folder, hence same file system), which
/// takes the target's name by `rename` once they are on the disk. So nobody ever sees half a file,
/// an input that is also the output is read to its end, and whoever has the old file open or mapped
/// keeps it. Without ``commit(durably:)`` the sibling is removed, also by the signals of
/// ``Interruption``.
public final class StagedFile: Sendable {
  /// Where an output goes.
  public enum Destination: Hashable, Sendable {
    /// A name in the file system.
    case file(String)
    /// Standard output; the bytes are collected in a temporary file first, as they are not written
    /// in order.
    case standardOutput

    /// What `-o` says: `-` is standard output.
    public init(argument: String) {
      self = argument == "-" ? .standardOutput : .file(argument)
    }

    /// The name that messages use.
    public var name: String {
      switch self {
      case .file(let path): path
      case .standardOutput: "-"
      }
    }
  }

  /// Where the bytes will be seen.
  public let destination: Destination
  /// The descriptor of the temporary file, open for reading and writing.
  public let descriptor: CInt
  /// The temporary file's path; removed with this value.
  private let temporary: String
  /// The path that it will take; nil for standard output.
  private let final: String?
  /// Sees what is written, where the format wants it.
  private let observer = Mutex<(any WriteObserver)?>(nil)

  private init(destination: Destination, descriptor: CInt, temporary: String, final: String?) {
    self.destination = destination
    self.descriptor = descriptor
    self.temporary = temporary
    self.final = final
  }

  deinit {
    // After a commit the name is gone already; both calls then do nothing.
    _ = unsafe unlink(temporary)
    Interruption.forget(temporary)
    close(descriptor)
  }

  /// Checks that an output may be written, before any work is done.
  ///
  /// - Parameters:
  ///   - destination: Where the output goes.
  ///   - replacing: Whether an existing file may be replaced.
  /// - Returns: The path that the output will take: a symbolic link's target, not the link.
  /// - Throws: ``CheckpointError`` of kind `output` where the name is taken or is no regular file.
  @discardableResult
  public static func check(
    _ destination: Destination, replacing: Bool
  ) throws(CheckpointError) -> String? {
    guard case .file(let path) = destination else {
      if isatty(STDOUT_FILENO) == 1 {
        throw CheckpointError(
          .usage, subject: "-o -", fact: "standard output is a terminal",
          remedy: "name a file, or pipe the checkpoint into a command")
      }
      return nil
    }
    let final = resolvingLinks(path)
    var status = stat()
    if unsafe stat(final, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFDIR {
        throw CheckpointError(.output, file: path, fact: "is a folder", remedy: "name a file")
      }
      if status.st_mode & S_IFMT != S_IFREG {
        throw CheckpointError(
          .output, file: path, fact: "is no regular file", remedy: "use -o - to write to a stream")
      }
      guard replacing else {
        throw CheckpointError(
          .output, file: path, fact: "exists", remedy: "use --force to replace it")
      }
    } else if errno != ENOENT, errno != EACCES {
      // A loop of links, a file in the place of a folder; a locked folder is named below.
      throw CheckpointError(
        .output, file: path, fact: "can't be written: \(systemMessage(errno))")
    }
    let folder = folder(of: final)
    guard unsafe access(folder, W_OK | X_OK) == 0 else {
      let code = errno
      throw CheckpointError(
        .output, file: path, fact: "the folder \(folder) can't be written: \(systemMessage(code))")
    }
    return final
  }

  /// Makes the temporary sibling.
  ///
  /// - Parameters:
  ///   - destination: Where the output goes.
  ///   - replacing: Whether an existing file may be replaced.
  /// - Returns: An empty file.
  /// - Throws: ``CheckpointError`` as ``check(_:replacing:)``, or where the folder takes no file.
  public static func create(
    _ destination: Destination, replacing: Bool
  ) throws(CheckpointError) -> StagedFile {
    let final = try check(destination, replacing: replacing)
    let prefix: String
    if let final {
      let leaf = final.split(separator: "/").last ?? ""
      // NAME_MAX is 255 bytes; a long name leaves no room for the prefix and the random part.
      let shortened = String(decoding: leaf.utf8.prefix(200), as: UTF8.self)
      prefix = "\(folder(of: final))/.\(shortened).ctl-"
    } else {
      prefix = "\(TemporaryFile.folder)/ctl-"
    }
    guard let (descriptor, temporary) = TemporaryFile.make(prefix) else {
      let fault = SystemFault(code: errno)
      if final == nil {
        throw TemporaryFile.error(fault, purpose: "assemble the output", bytes: nil)
      }
      throw CheckpointError(
        .output, file: destination.name, fact: "no temporary file beside it: \(fault.message)")
    }
    return StagedFile(
      destination: destination, descriptor: descriptor, temporary: temporary, final: final)
  }

  /// A second temporary file beside this one, for parts that have to be made apart.
  ///
  /// It is removed with its last reference and never takes a name.
  ///
  /// - Throws: ``CheckpointError`` of kind `output` where the folder takes no file.
  package func scratch() throws(CheckpointError) -> StagedFile {
    guard let (descriptor, path) = TemporaryFile.make(temporary + "-") else {
      throw failure(SystemFault(code: errno), needed: nil)
    }
    return StagedFile(
      destination: destination, descriptor: descriptor, temporary: path, final: nil)
  }

  /// Writes bytes at a position; safe from any thread.
  ///
  /// - Parameters:
  ///   - bytes: What to write.
  ///   - offset: The position of the first byte.
  /// - Throws: ``CheckpointError`` of kind `output`.
  public func write(_ bytes: RawSpan, at offset: Int) throws(CheckpointError) {
    if let fault = writeAll(bytes, to: descriptor, at: offset) {
      throw failure(fault, needed: offset + bytes.byteCount)
    }
    observer.withLock { $0 }?.wrote(bytes, at: offset)
  }

  /// Shows everything that is written from now on to an observer, in place of an earlier one.
  package func show(to observer: any WriteObserver) {
    self.observer.withLock { $0 = observer }
  }

  /// The output as an input: to survey what was laid out, or to read back what was written.
  ///
  /// - Throws: ``CheckpointError`` where no descriptor is left.
  public func reopened() throws(CheckpointError) -> InputFile {
    let copy = dup(descriptor)
    guard copy >= 0 else { throw failure(SystemFault(code: errno), needed: nil) }
    return try InputFile.adopt(copy, name: destination.name)
  }

  /// Takes the place of the target.
  ///
  /// - Parameter durably: Whether to wait until the bytes and the name are on the disk.
  /// - Throws: ``CheckpointError`` of kind `output`; the target is then as it was.
  public func commit(durably: Bool) throws(CheckpointError) {
    guard let final else {
      try copyToStandardOutput()
      return
    }
    // A temporary file is its owner's alone; give what `open` would have given.
    let mask = umask(0)
    _ = umask(mask)
    _ = fchmod(descriptor, 0o666 & ~mask)
    if durably, fsync(descriptor) != 0 { throw failure(SystemFault(code: errno), needed: nil) }
    guard unsafe rename(temporary, final) == 0 else {
      throw failure(SystemFault(code: errno), needed: nil)
    }
    Interruption.forget(temporary)
    if durably {
      let folder = unsafe open(Self.folder(of: final), O_RDONLY | O_CLOEXEC)
      if folder >= 0 {
        // Some file systems refuse to sync a folder; the file itself is safe.
        _ = fsync(folder)
        close(folder)
      }
    }
  }

  /// The error for a failed write, with the bytes needed and free where the disk is full.
  func failure(_ fault: SystemFault, needed: Int?) -> CheckpointError {
    var fact = "can't be written: \(fault.message)"
    var remedy: String?
    if fault.code == ENOSPC || fault.code == EDQUOT {
      if let needed, let free = freeBytes {
        fact += " (\(needed) bytes needed, \(free) bytes free)"
      }
      remedy = "free some space or name another folder"
    }
    return CheckpointError(.output, file: destination.name, fact: fact, remedy: remedy)
  }

  private func copyToStandardOutput() throws(CheckpointError) {
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var offset = off_t(0)
    while true {
      let received = retrying {
        unsafe buffer.withUnsafeMutableBytes {
          unsafe pread(descriptor, $0.baseAddress, $0.count, offset)
        }
      }
      let count: Int
      switch received {
      case .failure(let fault): throw failure(fault, needed: nil)
      case .success(0): return
      case .success(let some): count = some
      }
      var sent = 0
      while sent < count {
        let result = retrying {
          unsafe buffer.withUnsafeBytes {
            unsafe Self.writeStream(STDOUT_FILENO, $0.baseAddress?.advanced(by: sent), count - sent)
          }
        }
        switch result {
        case .failure(let fault): throw failure(fault, needed: nil)
        case .success(let some): sent += some
        }
      }
      offset += off_t(count)
    }
  }

  @unsafe private static func writeStream(
    _ stream: CInt, _ bytes: UnsafeRawPointer?, _ count: Int
  ) -> Int {
    #if canImport(Darwin)
      unsafe Darwin.write(stream, bytes, count)
    #elseif canImport(Musl)
      unsafe Musl.write(stream, bytes, count)
    #else
      unsafe Glibc.write(stream, bytes, count)
    #endif
  }

  /// The folder that holds a path's last component.
  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
  }

  /// Follows symbolic links, so that a link stays a link and its target is replaced.
  private static func resolvingLinks(_ path: String) -> String {
    var current = path
    // The kernel's own limit; a longer chain is a loop and fails when it is opened.
    for _ in 0..<40 {
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
      let length = unsafe readlink(current, &buffer, buffer.count)
      guard length > 0 else { return current }
      let target = String(
        decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      current = target.hasPrefix("/") ? target : "\(folder(of: current))/\(target)"
    }
    return current
  }
}
