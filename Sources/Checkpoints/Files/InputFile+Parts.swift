#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension InputFile {
  /// A range of this file as a file of its own, such as a member of an archive.
  ///
  /// - Parameters:
  ///   - extent: The range; it lies within the file.
  ///   - name: The name in messages; nil for this file's.
  /// - Returns: The range.
  package func view(_ extent: Extent, named name: String? = nil) -> InputFile {
    var chosen: [Part] = []
    var start = 0
    for part in parts {
      let from = max(extent.offset, start)
      let to = min(extent.end, part.end)
      if from < to {
        chosen.append(
          Part(source: part.source, start: part.start + from - start, end: to - extent.offset))
      }
      start = part.end
    }
    return InputFile(name: name ?? self.name, identity: identity, parts: chosen)
  }

  /// This file with others behind it, as one.
  package func joined(with others: [InputFile]) -> InputFile {
    var all = parts
    for other in others {
      let end = all.last?.end ?? 0
      all += other.parts.map { Part(source: $0.source, start: $0.start, end: end + $0.end) }
    }
    return InputFile(name: name, identity: identity, parts: all)
  }

  /// This file with bytes behind it that another source makes.
  package func joined(with source: any ByteSource, size: Int) -> InputFile {
    let end = parts.last?.end ?? 0
    return InputFile(
      name: name, identity: identity,
      parts: parts + [Part(source: source, start: 0, end: end + size)])
  }

  /// This file under another name in messages.
  package func named(_ name: String) -> InputFile {
    InputFile(name: name, identity: identity, parts: parts)
  }

  /// Bytes that another source makes, under this file's name.
  package func replaced(by source: any ByteSource, size: Int) -> InputFile {
    InputFile(
      name: name, identity: identity, parts: [Part(source: source, start: 0, end: size)])
  }

  /// A descriptor under which all bytes lie at their positions, for programs that take no less.
  ///
  /// - Parameter body: What is done with it; it stays open meanwhile.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws; of kind `output` where the bytes lie elsewhere and can't be copied
  ///   to a temporary file.
  package func withDescriptor<Value>(
    _ body: (CInt) throws(CheckpointError) -> Value
  ) throws(CheckpointError) -> Value {
    if let whole = wholeFile { return try body(whole.descriptor) }
    let purpose = "hold a copy of \(name)"
    let copy = try TemporaryFile(purpose: purpose)
    let block = 1 << 20
    for offset in stride(from: 0, to: size, by: block) {
      guard let extent = Extent(offset: offset, length: min(block, size - offset)) else { break }
      let piece = try bytes(extent)
      if let fault = writeAll(unsafe piece.span.bytes, to: copy.descriptor, at: offset) {
        throw TemporaryFile.error(fault, purpose: purpose, bytes: offset)
      }
    }
    return try body(copy.descriptor)
  }
}
