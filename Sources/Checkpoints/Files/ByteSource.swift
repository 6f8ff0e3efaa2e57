#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Bytes that are read at any position, by several threads at once: what an ``InputFile`` is made of.
package protocol ByteSource: Sendable {
  /// Reads bytes from a position.
  ///
  /// - Parameters:
  ///   - offset: The position of the first byte.
  ///   - bytes: Receives the bytes.
  /// - Returns: How many were read; fewer than there is room for only where the source ends.
  /// - Throws: ``CheckpointError`` where reading fails.
  func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CheckpointError) -> Int
}

/// An open descriptor, closed with its last user.
final class DescriptorSource: ByteSource {
  let descriptor: CInt
  private let name: String
  /// Owns the descriptor where it is that of a temporary file.
  private let temporary: TemporaryFile?

  /// Takes a descriptor over.
  init(_ descriptor: CInt, name: String) {
    self.descriptor = descriptor
    self.name = name
    temporary = nil
  }

  /// Keeps a temporary file.
  init(_ temporary: TemporaryFile, name: String) {
    descriptor = temporary.descriptor
    self.name = name
    self.temporary = temporary
  }

  deinit {
    if temporary == nil { close(descriptor) }
  }

  /// The size at present: another program may have cut the file short since it was opened.
  var currentSize: Int? {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : nil
  }

  func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CheckpointError) -> Int {
    switch readAll(into: &bytes, from: descriptor, at: offset) {
    case .failure(let fault): throw .unusable(name, "can't be read: \(fault.message)")
    case .success(let count): return count
    }
  }
}
