package import Checkpoints

/// The members of a zip archive, each checked against the file and against each other.
///
/// A zip tells everything twice, in front of each member and in the directory at the end, and
/// programs that trust different copies see different files. Here both have to agree, members may
/// not overlap or share a name, and nothing is ever written under a name from the archive.
/// Source: PKWARE's APPNOTE 6.3.10, sections 4.3 to 4.5.
package struct ZipArchive: Sendable {
  /// The archive's file.
  package let file: InputFile
  /// The members in the directory's order, folders left out.
  package let entries: [ZipEntry]
  /// The text at the archive's end.
  package let comment: [UInt8]

  private let places: [TensorName: Int]

  /// Whether a file begins as zip archives do.
  ///
  /// - Throws: ``CheckpointError`` where the file can't be read.
  package static func recognises(_ file: InputFile) throws(CheckpointError) -> Bool {
    guard file.size >= 22, let extent = Extent(offset: 0, length: 4) else { return false }
    let head = try file.bytes(extent)
    // An archive without members begins with the end of its directory.
    return head == [0x50, 0x4B, 3, 4] || head == [0x50, 0x4B, 5, 6]
  }

  /// Reads the directory and the header of each member.
  ///
  /// - Throws: ``CheckpointError`` of kind `unusable` where the archive is damaged, contradicts
  ///   itself or is encrypted.
  package init(_ file: InputFile) throws(CheckpointError) {
    let end = try ZipDirectoryEnd(of: file)
    let records = try ZipDirectory.records(file, end)
    var entries: [ZipEntry] = []
    var places: [TensorName: Int] = [:]
    var seen = Set<TensorName>()
    for record in records {
      guard seen.insert(record.name).inserted else {
        throw .zip(file, record.name, "is there twice, so that readers may differ in what they see")
      }
      let entry = try ZipEntry(record, in: file, directoryOffset: end.directory.offset)
      if entry.name.bytes.last == UInt8(ascii: "/") { continue }
      places[entry.name] = entries.count
      entries.append(entry)
    }
    try ZipArchive.refuseOverlaps(entries, in: file)
    self.file = file
    self.entries = entries
    self.comment = end.comment
    self.places = places
  }

  /// The member of a name, or nil.
  package subscript(name: TensorName) -> ZipEntry? {
    places[name].map { entries[$0] }
  }

  private static func refuseOverlaps(
    _ entries: [ZipEntry], in file: InputFile
  ) throws(CheckpointError) {
    let sorted = entries.sorted { $0.extent.offset < $1.extent.offset }
    for (entry, next) in zip(sorted, sorted.dropFirst())
    where entry.extent.end > next.extent.offset {
      throw .zip(file, next.name, "overlaps \(entry.name)")
    }
  }
}

extension CheckpointError {
  /// An archive that can't be trusted, and the member at fault.
  package static func zip(
    _ file: InputFile, _ member: TensorName?, _ fact: String,
    remedy: String? = "the archive is damaged or was made to mislead; fetch or save it again"
  ) -> CheckpointError {
    CheckpointError(
      .unusable, file: file.name, subject: member.map { "member \($0)" }, fact: fact,
      remedy: remedy)
  }
}
