#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that is read at any position, by several threads at once.
///
/// What can't seek (a pipe, standard input) is first copied to a temporary file. Ranges of several
/// files, and bytes that are made when they are first read, may stand together as one file, so that
/// whoever reads tensors needs to know one position and no more.
public final class InputFile: Sendable {
  /// Which file it is, whatever name led to it: links and repeated arguments share it.
  public struct Identity: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64
  }

  /// The name that the user gave; `-` for standard input.
  public let name: String
  /// The number of bytes.
  public let size: Int
  /// The file behind the name.
  public let identity: Identity
  /// Ranges of sources that follow each other.
  let parts: [Part]

  /// A range of a source.
  struct Part: Sendable {
    let source: any ByteSource
    /// The position of the first byte in the source.
    let start: Int
    /// The position behind the last byte in the whole.
    let end: Int
  }

  init(name: String, identity: Identity, parts: [Part]) {
    self.name = name
    self.identity = identity
    self.parts = parts
    size = parts.last?.end ?? 0
  }

  private convenience init(
    name: String, source: DescriptorSource, size: Int, identity: Identity
  ) {
    self.init(
      name: name, identity: identity, parts: [Part(source: source, start: 0, end: size)])
  }

  /// Opens a file by its name, or standard input by `-`.
  ///
  /// - Parameter path: The name.
  /// - Returns: The open file.
  /// - Throws: ``CheckpointError`` of kind `unusable` where it can't be opened or is a folder, of
  ///   kind `output` where a pipe's bytes can't be spooled.
  public static func open(_ path: String) throws(CheckpointError) -> InputFile {
    let descriptor: CInt
    if path == "-" {
      descriptor = dup(STDIN_FILENO)
    } else {
      // Without O_NONBLOCK, opening a pipe that nobody writes to would hang.
      descriptor = openDescriptor(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    }
    guard descriptor >= 0 else {
      throw .unusable(path, "can't be opened: \(systemMessage(errno))")
    }
    return try adopt(descriptor, name: path)
  }

  /// Takes over an open descriptor; it is closed with the file, or at once on an error.
  static func adopt(
    _ descriptor: CInt, name: String
  ) throws(CheckpointError) -> InputFile {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw .unusable(name, "can't be examined: \(systemMessage(code))")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      return InputFile(
        name: name, source: DescriptorSource(descriptor, name: name), size: Int(status.st_size),
        identity: Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)))
    case S_IFDIR:
      close(descriptor)
      throw .unusable(name, "is a folder", remedy: "name a checkpoint file")
    default:
      defer { close(descriptor) }
      if isatty(descriptor) == 1 {
        throw .unusable(
          name, "is a terminal", remedy: "name a file or pipe a checkpoint into this command")
      }
      return try spool(descriptor, name: name)
    }
  }

  /// Copies a stream to a temporary file.
  private static func spool(
    _ stream: CInt, name: String
  ) throws(CheckpointError) -> InputFile {
    let purpose = "hold what \(name) delivers"
    let spool = try TemporaryFile(purpose: purpose)
    // The descriptor was opened without blocking; a stream is read with.
    _ = fcntl(stream, F_SETFL, fcntl(stream, F_GETFL) & ~O_NONBLOCK)
    // A named pipe that nobody has opened for writing yet looks like one at its end.
    var waiting = pollfd(fd: stream, events: Int16(POLLIN), revents: 0)
    _ = retrying { unsafe poll(&waiting, 1, -1) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var size = 0
    while true {
      let received = retrying {
        unsafe buffer.withUnsafeMutableBytes { unsafe readStream(stream, $0) }
      }
      let count: Int
      switch received {
      case .failure(let fault): throw .unusable(name, "can't be read: \(fault.message)")
      case .success(let some): count = some
      }
      if count == 0 { break }
      let bytes = unsafe buffer.span.bytes.extracting(0..<count)
      if let fault = writeAll(bytes, to: spool.descriptor, at: size) {
        throw TemporaryFile.error(fault, purpose: purpose, bytes: size)
      }
      size += count
    }
    var status = stat()
    guard unsafe fstat(spool.descriptor, &status) == 0 else {
      throw .unusable(name, "can't be examined: \(systemMessage(errno))")
    }
    return InputFile(
      name: name, source: DescriptorSource(spool, name: name), size: size,
      identity: Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)))
  }

  /// Reads bytes from a position; safe from any thread.
  ///
  /// - Parameters:
  ///   - offset: The position of the first byte.
  ///   - bytes: Receives as many bytes as it has room for.
  /// - Throws: ``CheckpointError`` of kind `unusable` where the file ends before or can't be read.
  public func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CheckpointError) {
    let wanted = bytes.byteCount
    var done = 0
    var next = firstPart(endingBehind: offset)
    while done < wanted, next < parts.count {
      let part = parts[next]
      let start = next == 0 ? 0 : parts[next - 1].end
      next += 1
      let from = offset + done - start
      let count = min(wanted - done, part.end - start - from)
      var piece = bytes._mutatingExtracting(done..<done + count)
      let received = try part.source.read(at: part.start + from, into: &piece)
      done += received
      if received < count { break }
    }
    guard done < wanted else { return }
    // The range may lie wholly behind the end.
    let end = min(currentSize, offset + done)
    throw .unusable(
      name, "ended at byte \(end) while it was read, \(offset + wanted - end) bytes early",
      remedy: "is another program writing it?")
  }

  /// The index of the part that holds a position; the number of parts for one behind the end.
  private func firstPart(endingBehind offset: Int) -> Int {
    var low = 0
    var high = parts.count
    while low < high {
      let middle = (low + high) / 2
      if parts[middle].end > offset { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The size at present, where this is the whole of one file.
  private var currentSize: Int {
    wholeFile?.currentSize ?? size
  }

  /// The descriptor's source where this is the whole of one file.
  var wholeFile: DescriptorSource? {
    guard parts.count == 1, parts[0].start == 0 else { return nil }
    return parts[0].source as? DescriptorSource
  }

  /// Reads a range into a new array.
  ///
  /// - Parameter extent: The range; the caller has checked that its length is reasonable.
  /// - Returns: The bytes.
  /// - Throws: As ``read(at:into:)``.
  public func bytes(_ extent: Extent) throws(CheckpointError) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: extent.length)
    var span = buffer.mutableSpan
    var bytes = unsafe span.mutableBytes
    try read(at: extent.offset, into: &bytes)
    return buffer
  }
}

// Methods of the class hide the C functions of the same names.

private func openDescriptor(_ path: String, _ flags: CInt) -> CInt {
  unsafe open(path, flags)
}

@unsafe private func readStream(_ stream: CInt, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  unsafe read(stream, buffer.baseAddress, buffer.count)
}
