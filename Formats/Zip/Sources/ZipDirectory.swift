import Checkpoints

/// What the directory says about one member.
struct ZipRecord {
  let name: TensorName
  let flags: Int
  let method: Int
  let crc32: UInt32
  let storedSize: Int
  let size: Int
  let headerOffset: Int
  let stamp: ZipMember.Stamp
}

/// The list of members at the end of an archive.
enum ZipDirectory {
  /// More than any checkpoint has; 46 bytes and a name each.
  private static let largestSize = 1 << 30

  /// Reads the whole list.
  ///
  /// - Throws: ``CheckpointError`` where it is damaged.
  static func records(
    _ file: InputFile, _ end: ZipDirectoryEnd
  ) throws(CheckpointError) -> [ZipRecord] {
    guard end.directory.length <= largestSize else {
      throw .zip(file, nil, "has a directory of \(end.directory.length) bytes")
    }
    var reader = LittleEndianReader(try file.bytes(end.directory))
    var records: [ZipRecord] = []
    while reader.remaining > 0 {
      guard let record = record(&reader) else {
        throw .zip(file, nil, "the entry of member \(records.count) in the directory is damaged")
      }
      records.append(record)
    }
    guard records.count == end.count else {
      throw .zip(
        file, nil, "lists \(records.count) members where the archive's end says \(end.count)")
    }
    return records
  }

  private static func record(_ reader: inout LittleEndianReader) -> ZipRecord? {
    guard reader.take(4) == [0x50, 0x4B, 1, 2], let madeBy = reader.u16(), reader.take(2) != nil,
      let flags = reader.u16(), let method = reader.u16(), let time = reader.u16(),
      let date = reader.u16(), let crc32 = reader.u32(),
      let storedSize = reader.u32(), let size = reader.u32(), let nameLength = reader.u16(),
      let extraLength = reader.u16(), let commentLength = reader.u16(), let disk = reader.u16(),
      reader.take(2) != nil, let attributes = reader.u32(), let offset = reader.u32(),
      let name = reader.take(nameLength),
      let extra = reader.take(extraLength), reader.take(commentLength) != nil,
      let wide = zip64(extra, [size, storedSize, offset]), disk == 0
    else { return nil }
    return ZipRecord(
      name: TensorName(bytes: name), flags: flags, method: method,
      crc32: UInt32(truncatingIfNeeded: crc32), storedSize: wide[1], size: wide[0],
      headerOffset: wide[2],
      stamp: ZipMember.Stamp(
        madeBy: madeBy, time: time, date: date, attributes: attributes,
        isUTF8: flags & 0x800 != 0))
  }

  /// Numbers, of which those at the limit of four bytes stand in the zip64 field in their order;
  /// nil where the fields are damaged.
  static func zip64(_ extra: [UInt8], _ narrow: [Int]) -> [Int]? {
    var reader = LittleEndianReader(extra)
    var field: LittleEndianReader?
    // Some writers pad with less than a field's head.
    while reader.remaining >= 4 {
      guard let tag = reader.u16(), let length = reader.u16(), let content = reader.take(length)
      else { return nil }
      guard tag == 1 else { continue }
      if field != nil { return nil }
      field = LittleEndianReader(content)
    }
    var result: [Int] = []
    for number in narrow {
      if number == 0xFFFF_FFFF, field != nil {
        guard let wide = field?.u64() else { return nil }
        result.append(wide)
      } else {
        result.append(number)
      }
    }
    return result
  }
}
