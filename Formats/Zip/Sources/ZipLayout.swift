package import Checkpoints

/// An archive that is to be written: where everything of it lies.
///
/// Checksums of new members are known when their bytes are written, so they are filled in last.
package struct ZipLayout: Sendable {
  /// The members in their order.
  package let members: [ZipMember]
  /// The range of each member's stored bytes; of a new one without its head.
  package let data: [Extent]
  /// The size of the archive.
  package let size: Int

  private let comment: [UInt8]
  private let headers: [Extent]
  private let directoryOffset: Int
  private let written = WrittenChecksums()

  /// More than the machine has cores that matter; the work is bound by memory.
  private static let threads = 8

  /// Lays out an archive.
  ///
  /// - Parameters:
  ///   - members: The members in their order; no two have the same name.
  ///   - comment: The text at the end.
  ///   - file: The output's name, for errors.
  /// - Throws: ``CheckpointError`` where a name or the comment is longer than a zip can hold, or the
  ///   archive beyond what can be addressed.
  package init(
    _ members: [ZipMember], comment: [UInt8], file: String
  ) throws(CheckpointError) {
    guard comment.count <= 0xFFFF else {
      throw .unusable(file, "a comment of \(comment.count) bytes doesn't fit a zip archive")
    }
    var position = 0
    var headers: [Extent] = []
    var data: [Extent] = []
    for member in members {
      guard member.name.bytes.count <= 0xFFFF else {
        throw .unusable(
          file, tensor: member.name,
          "its name of \(member.name.bytes.count) bytes doesn't fit a zip")
      }
      let header = ZipHeaders.local(member, crc32: 0, offset: position).count
      var head = 0
      if case .new(let bytes, _) = member.content { head = bytes.count }
      guard let place = Extent(offset: position, length: header),
        let whole = Extent(offset: place.end, length: member.storedSize),
        let rest = Extent(offset: place.end + head, length: member.storedSize - head)
      else { throw .unusable(file, "would be larger than can be addressed") }
      headers.append(place)
      data.append(rest)
      position = whole.end
    }
    directoryOffset = position
    var end = position
    for (member, header) in zip(members, headers) {
      end += ZipHeaders.central(member, crc32: 0, offset: header.offset).count
    }
    end +=
      ZipHeaders.end(
        count: members.count, offset: directoryOffset, size: end - directoryOffset, comment: comment
      ).count
    self.members = members
    self.comment = comment
    self.headers = headers
    self.data = data
    size = end
  }

  /// What comes from the archive of the copied members.
  package var copies: [Blueprint.Copy] {
    zip(members, data).compactMap { member, target in
      guard case .copied(let entry) = member.content, target.length > 0 else { return nil }
      return Blueprint.Copy(source: entry.data.offset, target: target)
    }
  }

  /// Reserves the space and writes what is known before the values.
  ///
  /// - Throws: ``CheckpointError`` of kind `output`.
  package func prepare(_ output: StagedFile) throws(CheckpointError) {
    try output.reserve(size)
    output.show(to: written)
    for (member, header) in zip(members, headers) {
      guard case .new(let head, _) = member.content, !head.isEmpty else { continue }
      try output.write(unsafe head.span.bytes, at: header.end)
    }
  }

  /// Writes all headers and the directory, with the new members' checksums.
  ///
  /// - Throws: ``CheckpointError`` where the output can't be read back or written.
  package func finish(_ output: StagedFile) throws(CheckpointError) {
    let file = try output.reopened()
    var checksums = written.inOrder()
    var directory: [UInt8] = []
    for ((member, header), data) in zip(zip(members, headers), data) {
      let crc: UInt32
      switch member.content {
      case .copied(let entry): crc = entry.crc32
      case .new:
        guard let all = Extent(offset: header.end, length: data.end - header.end) else { continue }
        crc = try checksums.crc32(of: all, in: file, threads: ZipLayout.threads)
      }
      let local = ZipHeaders.local(member, crc32: crc, offset: header.offset)
      try output.write(unsafe local.span.bytes, at: header.offset)
      directory += ZipHeaders.central(member, crc32: crc, offset: header.offset)
    }
    let end = ZipHeaders.end(
      count: members.count, offset: directoryOffset, size: directory.count, comment: comment)
    directory += end
    try output.write(unsafe directory.span.bytes, at: directoryOffset)
  }
}
