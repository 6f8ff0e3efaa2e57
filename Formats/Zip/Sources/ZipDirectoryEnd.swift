import Checkpoints

/// The end of an archive, which says where the directory lies.
struct ZipDirectoryEnd {
  /// The directory's range.
  let directory: Extent
  /// The number of members.
  let count: Int
  /// The archive's comment.
  let comment: [UInt8]

  private static let signature: [UInt8] = [0x50, 0x4B, 5, 6]
  private static let size = 22
  private static let zip64LocatorSize = 20

  /// Finds the end record: the last one, which has to reach the file's end with its comment.
  ///
  /// - Throws: ``CheckpointError`` where there is none or it contradicts the file.
  init(of file: InputFile) throws(CheckpointError) {
    let length = min(file.size, Self.size + 0xFFFF)
    guard let extent = Extent(offset: file.size - length, length: length) else {
      throw .zip(file, nil, "is too short for a zip archive")
    }
    let tail = try file.bytes(extent)
    guard let place = ZipDirectoryEnd.lastRecord(in: tail) else {
      throw .zip(
        file, nil, "truncated: the zip archive's directory is missing at the end",
        remedy: "the download or the save was cut short; fetch or save it again")
    }
    var reader = LittleEndianReader(tail, at: place + 4)
    guard let disk = reader.u16(), let directoryDisk = reader.u16(), let countHere = reader.u16(),
      let count = reader.u16(), let size = reader.u32(), let offset = reader.u32(),
      let commentLength = reader.u16(), let comment = reader.take(commentLength),
      reader.remaining == 0
    else { throw .zip(file, nil, "the directory's end is damaged") }
    self.comment = comment
    let position = extent.offset + place
    let isLarge = count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF
    if isLarge, let wide = try ZipDirectoryEnd.zip64(file, endingAt: position) {
      directory = wide.directory
      self.count = wide.count
      return
    }
    guard disk == 0, directoryDisk == 0, count == countHere else {
      throw .zip(file, nil, "is one part of an archive that was split", remedy: "join the parts")
    }
    guard let directory = Extent(offset: offset, length: size) else {
      throw .zip(file, nil, "the directory doesn't lie where the archive's end says")
    }
    if directory.end != position {
      // PyTorch writes the record of large archives behind the directory of small ones too.
      guard let wide = try ZipDirectoryEnd.zip64(file, endingAt: position),
        wide.directory == directory, wide.count == count
      else { throw .zip(file, nil, "the directory doesn't lie where the archive's end says") }
    }
    self.directory = directory
    self.count = count
  }

  private static func lastRecord(in tail: [UInt8]) -> Int? {
    guard tail.count >= size else { return nil }
    return (0...tail.count - size).last { tail[$0...].starts(with: signature) }
  }

  /// The record of archives with more than 65,534 members or 4 GiB; nil where there is none.
  private static func zip64(
    _ file: InputFile, endingAt end: Int
  ) throws(CheckpointError) -> (directory: Extent, count: Int)? {
    guard let place = Extent(offset: end - zip64LocatorSize, length: zip64LocatorSize) else {
      return nil
    }
    var locator = LittleEndianReader(try file.bytes(place))
    guard locator.take(4) == [0x50, 0x4B, 6, 7] else { return nil }
    guard locator.u32() == 0, let offset = locator.u64(), locator.u32() == 1,
      let extent = Extent(offset: offset, length: 56), extent.end <= place.offset
    else { throw .zip(file, nil, "the zip64 locator is damaged") }
    var record = LittleEndianReader(try file.bytes(extent))
    guard record.take(4) == [0x50, 0x4B, 6, 6], let rest = record.u64(), rest >= 44,
      offset.addingReportingOverflow(rest).overflow == false, offset + 12 + rest == place.offset,
      record.take(4) != nil, record.u32() == 0, record.u32() == 0, let countHere = record.u64(),
      let count = record.u64(), count == countHere, let size = record.u64(),
      let start = record.u64(), let directory = Extent(offset: start, length: size),
      directory.end == offset
    else { throw .zip(file, nil, "the zip64 record is damaged") }
    return (directory, count)
  }
}
