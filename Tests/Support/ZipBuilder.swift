/// Zip archives of a test's own making, right or wrong in every field.
package struct ZipBuilder {
  /// A member with everything that its two headers say.
  package struct Member {
    package var name: String
    /// The name in front of the member, where it differs.
    package var localName: String?
    /// The bytes as they stand in the archive.
    package var stored: [UInt8]
    package var method = 0
    package var flags = 0
    package var crc32: UInt32
    /// The declared size before compression.
    package var size: Int
    /// The declared size in front of the member, where it differs.
    package var localSize: Int?
    /// The position of the header that the directory tells, where it lies.
    package var headerOffset: Int?

    /// A stored member.
    package init(_ name: String, _ bytes: [UInt8]) {
      self.name = name
      stored = bytes
      crc32 = ZipBuilder.crc32(bytes)
      size = bytes.count
    }

    /// A deflated member whose bytes stand in blocks that aren't compressed.
    package init(deflating name: String, _ bytes: [UInt8]) {
      self.init(name, bytes)
      method = 8
      stored = []
      for start in stride(from: 0, to: max(bytes.count, 1), by: 65535) {
        let block = bytes[start..<min(start + 65535, bytes.count)]
        let isLast: UInt8 = start + 65535 >= bytes.count ? 1 : 0
        let length = UInt16(block.count)
        stored += [isLast] + ZipBuilder.little(length) + ZipBuilder.little(~length) + block
      }
    }
  }

  package var members: [Member]
  package var comment: [UInt8] = []
  /// The number of members that the end declares, if it isn't theirs.
  package var declaredCount: Int?

  /// An archive.
  package init(_ members: [Member]) {
    self.members = members
  }

  /// The archive's bytes.
  package var bytes: [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      let offset = member.headerOffset ?? file.count
      let localName = Array((member.localName ?? member.name).utf8)
      let name = Array(member.name.utf8)
      let common =
        Self.little(UInt16(20)) + Self.little(UInt16(member.flags))
        + Self.little(UInt16(member.method)) + [0, 0, 0x21, 0] + Self.little(member.crc32)
        + Self.little(UInt32(member.stored.count))
      file += [0x50, 0x4B, 3, 4] + common + Self.little(UInt32(member.localSize ?? member.size))
      file += Self.little(UInt16(localName.count)) + [0, 0] + localName + member.stored
      directory += [0x50, 0x4B, 1, 2, 20, 0] + common + Self.little(UInt32(member.size))
      directory += Self.little(UInt16(name.count)) + [UInt8](repeating: 0, count: 12)
      directory += Self.little(UInt32(offset)) + name
    }
    let count = Self.little(UInt16(declaredCount ?? members.count))
    return file + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count
      + Self.little(UInt32(directory.count)) + Self.little(UInt32(file.count))
      + Self.little(UInt16(comment.count)) + comment
  }

  /// The little-endian bytes of a number.
  package static func little(_ number: some FixedWidthInteger) -> [UInt8] {
    (0..<number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }

  /// The CRC-32 of bytes, bit by bit as the specification has it.
  package static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in
        value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
      }
    }
  }
}
