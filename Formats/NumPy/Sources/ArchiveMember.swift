import Checkpoints
import Zip

/// An array of a `.npz` archive: its header, and the bytes behind it.
struct ArchiveMember {
  /// The array's name: the member's without `.npy`.
  let name: TensorName
  /// The array's header.
  let header: ArrayHeader
  /// The elements as the archive has them, inflated where they were deflated; nil for objects.
  let data: InputFile?

  private static let suffix = Array(".npy".utf8)

  /// Whether a member is an array by its name, as `numpy.load` decides.
  static func isArray(_ entry: ZipEntry) -> Bool {
    entry.name.bytes.count > suffix.count && entry.name.bytes.suffix(suffix.count) == suffix[...]
  }

  /// Reads a member's header, and of a deflated one no more than that.
  ///
  /// - Throws: ``CheckpointError`` where it is damaged or compressed by an unknown method.
  init(
    _ entry: ZipEntry, of archive: ZipArchive, spool: Spool
  ) throws(CheckpointError) {
    let file = archive.file
    switch entry.method {
    case .stored: header = try ArchiveMember.storedHeader(entry, file)
    case .deflated:
      header = try ArchiveMember.header(of: try InflateStream(entry, in: file), entry, file)
    case .other(let number):
      throw .zip(
        file, entry.name, "is compressed by zip's method \(number), which isn't supported",
        remedy: "save it with numpy.savez or numpy.savez_compressed")
    }
    name = TensorName(bytes: Array(entry.name.bytes.dropLast(ArchiveMember.suffix.count)))
    guard !header.type.isObject else {
      data = nil
      return
    }
    guard header.length.addingReportingOverflow(header.dataSize).overflow == false,
      header.length + header.dataSize == entry.size
    else {
      throw .zip(
        file, entry.name,
        "holds \(entry.size - header.length) bytes of elements where its header declares "
          + "\(header.dataSize)")
    }
    if entry.method == .stored {
      guard
        let extent = Extent(offset: entry.data.offset + header.length, length: header.dataSize)
      else { throw .zip(file, entry.name, "reaches beyond the archive") }
      data = file.view(extent)
    } else {
      let range = ArchiveMember.inflated(entry, header, file, spool)
      data = file.replaced(by: range, size: range.length)
    }
  }

  private static func storedHeader(
    _ entry: ZipEntry, _ file: InputFile
  ) throws(CheckpointError) -> ArrayHeader {
    func head(_ length: Int) throws(CheckpointError) -> [UInt8] {
      guard length <= entry.data.length,
        let extent = Extent(offset: entry.data.offset, length: length)
      else { throw .zip(file, entry.name, "truncated: the array's header isn't complete") }
      return try file.bytes(extent)
    }
    let length = try checked(entry, file, try head(ArrayHeader.prefixLength), ArrayHeader.length)
    return try checked(entry, file, try head(length), ArrayHeader.init)
  }

  /// The header at a stream's beginning; the stream then stands at the first element.
  private static func header(
    of stream: InflateStream, _ entry: ZipEntry, _ file: InputFile
  ) throws(CheckpointError) -> ArrayHeader {
    let prefix = try stream.next(ArrayHeader.prefixLength)
    let length = try checked(entry, file, prefix, ArrayHeader.length)
    let rest = try stream.next(length - prefix.count)
    guard prefix.count + rest.count == length else {
      throw .zip(file, entry.name, "truncated: the array's header isn't complete")
    }
    return try checked(entry, file, prefix + rest, ArrayHeader.init)
  }

  private static func checked<Value>(
    _ entry: ZipEntry, _ file: InputFile, _ bytes: [UInt8],
    _ body: ([UInt8]) throws(ArrayHeader.Fault) -> Value
  ) throws(CheckpointError) -> Value {
    do throws(ArrayHeader.Fault) {
      return try body(bytes)
    } catch {
      throw .zip(
        file, entry.name, error.fact, remedy: "the file is damaged; fetch or save it again")
    }
  }

  /// The elements of a deflated member, inflated when they are first read.
  private static func inflated(
    _ entry: ZipEntry, _ header: ArrayHeader, _ file: InputFile, _ spool: Spool
  ) -> SpoolRange {
    spool.range(length: header.dataSize) { (range) throws(CheckpointError) in
      let stream = try InflateStream(entry, in: file)
      _ = try stream.next(header.length)
      var offset = 0
      while offset < range.length {
        let bytes = try stream.next(1 << 20)
        try range.write(unsafe bytes.span.bytes, at: offset)
        offset += bytes.count
      }
    }
  }
}
