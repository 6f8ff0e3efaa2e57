import Checkpoints

/// The first block of an HDF5 file, checked before libhdf5 sees the file.
///
/// Source: HDF5 File Format Specification 3.0, section II.A.
struct Superblock {
  /// 0...3.
  let version: Int
  /// Where it lies: after the user block.
  let position: Int

  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
  /// The bytes that any version needs.
  private static let byteCount = 60

  /// The position of the signature: 0, 512, 1024, 2048, …; nil where there is none.
  static func position(in file: InputFile) throws(CheckpointError) -> Int? {
    var position = 0
    while let extent = Extent(offset: position, length: signature.count),
      extent.lies(within: file.size)
    {
      if try file.bytes(extent) == signature { return position }
      position = position == 0 ? 512 : position * 2
    }
    return nil
  }

  /// Reads and checks the superblock.
  ///
  /// - Parameter file: The file.
  /// - Throws: ``CheckpointError`` where the file is no HDF5, of an unknown version, cut short, or
  ///   open in another program.
  init(of file: InputFile) throws(CheckpointError) {
    guard let position = try Self.position(in: file) else {
      throw .unusable(file.name, "isn't an HDF5 file")
    }
    self.position = position
    let length = min(Self.byteCount, file.size - position)
    guard let extent = Extent(offset: position, length: length) else {
      throw .unusable(file.name, "isn't an HDF5 file")
    }
    let bytes = try file.bytes(extent)
    guard bytes.count == Self.byteCount else {
      throw .unusable(
        file.name, "truncated: \(grouped(file.size)) bytes hold no whole superblock",
        remedy: "download it again")
    }
    version = Int(bytes[8])
    let sizesAt: Int
    let endAt: Int
    switch version {
    case 0: (sizesAt, endAt) = (13, 40)
    case 1: (sizesAt, endAt) = (13, 44)
    case 2, 3: (sizesAt, endAt) = (9, 28)
    default:
      throw .unusable(
        file.name, "has HDF5 superblock version \(version); versions 0 to 3 are supported",
        remedy: "save it with libver='earliest' or convert it with h5repack")
    }
    guard bytes[sizesAt] == 8, bytes[sizesAt + 1] == 8 else {
      throw .unusable(
        file.name,
        "has offsets of \(bytes[sizesAt]) and lengths of \(bytes[sizesAt + 1]) bytes; "
          + "only 8 are supported", remedy: "convert it with h5repack")
    }
    // Files of libhdf5's split and multi drivers have such a block; libhdf5 reads whatever lies
    // there when it opens a file for writing.
    if version < 2, bytes[endAt + 8..<endAt + 16].contains(where: { $0 != 0xFF }) {
      throw .unusable(
        file.name, "is one of several files of a multi-file driver, which isn't supported",
        remedy: "convert it with h5repack")
    }
    // Bit 0: open for writing; bit 2: open for single-writer/multiple-reader access.
    if version == 3, bytes[11] & 0b101 != 0 {
      throw .unusable(
        file.name, "is being written or wasn't closed cleanly",
        remedy: "wait for its writer, or clear the flag of a copy with h5clear -s")
    }
    let end = bytes[endAt..<endAt + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard end <= UInt64(file.size) else {
      throw .unusable(
        file.name, "truncated: \(grouped(file.size)) of \(grouped(end)) bytes",
        remedy: "download it again")
    }
  }
}
