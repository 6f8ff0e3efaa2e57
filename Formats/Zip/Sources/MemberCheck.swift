package import Checkpoints

/// Whether the stored bytes of a member have the checksum that the archive tells.
///
/// Deflated members are checked whenever they are inflated; stored ones are read in place, piece by
/// piece, and the checksum is of the whole.
package struct MemberCheck: ContentCheck {
  private let entry: ZipEntry
  private let file: InputFile
  package let tensor: TensorName?

  /// The check of a stored member.
  ///
  /// - Parameters:
  ///   - entry: The member.
  ///   - file: The archive.
  ///   - tensor: The tensor that it holds, if it holds one.
  package init(_ entry: ZipEntry, in file: InputFile, tensor: TensorName?) {
    self.entry = entry
    self.file = file
    self.tensor = tensor
  }

  package func fault(threads: Int) throws(CheckpointError) -> String? {
    if try CRC32.of(entry.data, in: file, threads: threads) == entry.crc32 { return nil }
    return "member \(entry.name): its CRC-32 differs from the archive's"
  }
}
