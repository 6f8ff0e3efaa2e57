import Checkpoints

/// The bytes of an archive's records, with zip64's fields only where numbers need them.
///
/// Source: APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3.
enum ZipHeaders {
  private static let most = 0xFFFF_FFFF

  /// The header in front of a member.
  ///
  /// - Parameters:
  ///   - member: The member.
  ///   - crc32: Its checksum.
  ///   - offset: Where the header begins.
  /// - Returns: The header; it ends at a multiple of the member's alignment.
  static func local(_ member: ZipMember, crc32: UInt32, offset: Int) -> [UInt8] {
    let isLarge = member.size >= most || member.storedSize >= most
    var extra = isLarge ? field([member.size, member.storedSize]) : []
    extra += padding(
      from: offset + 30 + member.name.bytes.count + extra.count, to: member.alignment)
    return [0x50, 0x4B, 3, 4] + common(member, crc32: crc32, isLarge: isLarge)
      + little(isLarge ? most : member.storedSize, 4) + little(isLarge ? most : member.size, 4)
      + little(member.name.bytes.count, 2) + little(extra.count, 2) + member.name.bytes + extra
  }

  /// A member's entry in the directory.
  static func central(_ member: ZipMember, crc32: UInt32, offset: Int) -> [UInt8] {
    let wide = [member.size, member.storedSize, offset].filter { $0 >= most }
    let extra = wide.isEmpty ? [] : field(wide)
    return [0x50, 0x4B, 1, 2] + little(member.stamp.madeBy, 2)
      + common(member, crc32: crc32, isLarge: !wide.isEmpty)
      + little(min(member.storedSize, most), 4) + little(min(member.size, most), 4)
      + little(member.name.bytes.count, 2) + little(extra.count, 2)
      // No comment, the first disk, no internal attributes.
      + [0, 0, 0, 0, 0, 0] + little(member.stamp.attributes, 4) + little(min(offset, most), 4)
      + member.name.bytes + extra
  }

  /// The end of an archive.
  static func end(count: Int, offset: Int, size: Int, comment: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    if count >= 0xFFFF || offset >= most || size >= most {
      bytes += [0x50, 0x4B, 6, 6] + little(44, 8) + little(45, 2) + little(45, 2)
      bytes += little(0, 4) + little(0, 4) + little(count, 8) + little(count, 8)
      bytes += little(size, 8) + little(offset, 8)
      bytes += [0x50, 0x4B, 6, 7] + little(0, 4) + little(offset + size, 8) + little(1, 4)
    }
    let shown = little(min(count, 0xFFFF), 2)
    return bytes + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + shown + shown + little(min(size, most), 4)
      + little(min(offset, most), 4) + little(comment.count, 2) + comment
  }

  /// What both headers of a member say: version, flags, method, time, date and checksum.
  private static func common(_ member: ZipMember, crc32: UInt32, isLarge: Bool) -> [UInt8] {
    // Bit 11: the name is UTF-8.
    let isUTF8 = member.stamp.isUTF8 ?? member.name.bytes.contains { $0 >= 0x80 }
    let flags = isUTF8 ? 0x800 : 0
    return little(isLarge ? 45 : 20, 2) + little(flags, 2) + little(member.method, 2)
      + little(member.stamp.time, 2) + little(member.stamp.date, 2) + little(Int(crc32), 4)
  }

  private static func field(_ numbers: [Int]) -> [UInt8] {
    little(1, 2) + little(numbers.count * 8, 2) + numbers.flatMap { little($0, 8) }
  }

  /// A field that ends at a multiple of `alignment`; none where `offset` is one.
  ///
  /// It is the "data stream alignment" that Apache Commons Compress registered in section 4.6.1:
  /// the alignment, then zeros. Readers skip it like any field that they don't know.
  private static func padding(from offset: Int, to alignment: Int) -> [UInt8] {
    if offset.isMultiple(of: alignment) { return [] }
    let (mark, length, number) = (2, 2, 2)
    let start = offset + mark + length + number
    let zeros = (alignment - start % alignment) % alignment
    return little(0xA11E, mark) + little(number + zeros, length) + little(alignment, number)
      + [UInt8](repeating: 0, count: zeros)
  }

  private static func little(_ number: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }
}
