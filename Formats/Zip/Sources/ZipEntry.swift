package import Checkpoints

/// One member of an archive.
package struct ZipEntry: Sendable {
  /// How the bytes are stored.
  package enum Method: Hashable, Sendable {
    /// As they are.
    case stored
    /// By RFC 1951.
    case deflated
    /// By another method, its number in the specification.
    case other(Int)
  }

  /// The member's name as the archive has it.
  package let name: TensorName
  /// How the bytes are stored.
  package let method: Method
  /// The CRC-32 of the bytes before compression.
  package let crc32: UInt32
  /// The number of bytes before compression, as the archive declares it.
  package let size: Int
  /// The range of the stored bytes.
  package let data: Extent
  /// The range with the header in front.
  package let extent: Extent
  /// What else the directory says.
  package let stamp: ZipMember.Stamp

  /// Deflate's best: a byte of code stands for no more bytes than this.
  private static let bestRatio = 1032
  /// Above this size a member has to look as if it held something.
  private static let honestSize = 4 << 30
  private static let honestRatio = 100

  /// Checks what the directory says against the header in front of the member.
  init(
    _ record: ZipRecord, in file: InputFile, directoryOffset: Int
  ) throws(CheckpointError) {
    guard record.flags & 0x2041 == 0 else {
      throw .zip(file, record.name, "is encrypted", remedy: "store it without a password")
    }
    guard let head = Extent(offset: record.headerOffset, length: 30), head.end <= directoryOffset
    else { throw .zip(file, record.name, "lies outside the archive") }
    var reader = LittleEndianReader(try file.bytes(head))
    guard reader.take(4) == [0x50, 0x4B, 3, 4], reader.take(2) != nil, let flags = reader.u16(),
      let method = reader.u16(), reader.take(4) != nil, let crc32 = reader.u32(),
      let storedSize = reader.u32(), let size = reader.u32(), let nameLength = reader.u16(),
      let extraLength = reader.u16(),
      let texts = Extent(offset: head.end, length: nameLength + extraLength),
      texts.end <= directoryOffset
    else { throw .zip(file, record.name, "has a damaged header") }
    let bytes = try file.bytes(texts)
    guard Array(bytes.prefix(nameLength)) == record.name.bytes, method == record.method,
      flags & 0x2049 == record.flags & 0x2049
    else { throw .zip(file, record.name, "its header contradicts the archive's directory") }
    // Bit 3: sizes and checksum weren't known yet when the header was written.
    if flags & 8 == 0 {
      guard let wide = ZipDirectory.zip64(Array(bytes.dropFirst(nameLength)), [size, storedSize]),
        wide == [record.size, record.storedSize], UInt32(truncatingIfNeeded: crc32) == record.crc32
      else { throw .zip(file, record.name, "its header contradicts the archive's directory") }
    }
    guard let data = Extent(offset: texts.end, length: record.storedSize),
      data.end <= directoryOffset,
      let whole = Extent(offset: head.offset, length: data.end - head.offset)
    else { throw .zip(file, record.name, "reaches beyond the archive") }
    name = record.name
    self.crc32 = record.crc32
    self.size = record.size
    self.data = data
    extent = whole
    stamp = record.stamp
    switch method {
    case 0: self.method = .stored
    case 8: self.method = .deflated
    default: self.method = .other(method)
    }
    try checkSizes(file)
  }

  /// Refuses sizes that can't be, and those that nobody needs who isn't after our disk.
  private func checkSizes(_ file: InputFile) throws(CheckpointError) {
    switch method {
    case .stored:
      guard size == data.length else {
        throw .zip(file, name, "is stored in \(data.length) bytes but declares \(size)")
      }
    case .deflated:
      let (most, overflow) = data.length.multipliedReportingOverflow(by: ZipEntry.bestRatio)
      guard overflow || size <= most else {
        throw .zip(file, name, "declares \(size) bytes, which \(data.length) bytes can't hold")
      }
      if size > ZipEntry.honestSize, size / ZipEntry.honestRatio > data.length {
        throw .zip(
          file, name, "inflates from \(data.length) bytes to \(size)",
          remedy: "if that is meant, store it without compression")
      }
    case .other: return
    }
  }
}
