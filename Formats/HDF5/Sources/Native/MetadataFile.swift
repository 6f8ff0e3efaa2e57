import Checkpoints

/// A file whose metadata is read piece by piece.
///
/// Metadata lies scattered between the values, so small pieces come from pages that are kept and
/// large ones are read on their own: a file of 100 GiB costs what its metadata costs.
final class MetadataFile {
  /// HDF5 gathers metadata in blocks of 2 KiB by default; larger pages would mostly hold values.
  private static let pageSize = 16384
  /// Pages kept: 4 MiB together.
  private static let slotCount = 256
  /// The most bytes of metadata that are looked at, whatever the file's size.
  private static let most = 4 << 30

  private struct Page {
    var number = -1
    var bytes: [UInt8] = []
  }

  private let file: InputFile
  /// The position that addresses count from: the size of the user block.
  let base: UInt64
  /// The number of bytes of the file.
  var size: Int { file.size }
  /// The end of what belongs to the HDF5 content.
  private let limit: Int
  /// The page n is in slot n modulo the number of slots, or not kept.
  private var slots = [Page](repeating: Page(), count: slotCount)
  private var budget: Int
  private var claimed = AddressSet()

  /// A file whose HDF5 content is between `base` and `limit`.
  init(_ file: InputFile, base: Int, limit: Int) {
    self.file = file
    self.base = UInt64(clamping: base)
    self.limit = min(limit, file.size)
    // Sound metadata is looked at about twice (an object's header, then its parts). Pointers that
    // lead many times to the same bytes would make the work grow with more than the file's size.
    budget = min(limit, Self.most / 8) * 8 + (1 << 20)
  }

  /// Takes some of what may be spent on the whole file: bytes to look at or to make.
  func spend(_ count: Int) throws(NotUnderstood) {
    guard count >= 0, count <= budget else { throw NotUnderstood("the metadata leads in circles") }
    budget -= count
  }

  /// Takes a structure for one purpose; pointers to it from elsewhere make cycles or fans.
  func claim(_ address: UInt64) throws(NotUnderstood) {
    guard claimed.insert(address) else {
      throw NotUnderstood("two structures at address \(address)")
    }
  }

  /// The position in the file of `count` bytes at an address.
  func position(of address: UInt64, count: Int) throws(NotUnderstood) -> Int {
    let (sum, overflow) = base.addingReportingOverflow(address)
    guard !overflow, let position = Int(exactly: sum), count >= 0, position <= limit,
      count <= limit - position
    else { throw NotUnderstood("\(count) bytes at \(address) aren't in the file") }
    return position
  }

  /// The bytes at an address.
  func window(at address: UInt64, count: Int) throws(NotUnderstood) -> ByteWindow {
    let start = try position(of: address, count: count)
    try spend(count)
    let number = start / Self.pageSize
    let offset = start - number * Self.pageSize
    let bytes: [UInt8]
    let range: Range<Int>
    if count <= Self.pageSize - offset {
      bytes = try page(number)
      range = offset..<offset + count
    } else {
      bytes = try read(from: start, count: count)
      range = 0..<count
    }
    guard let window = ByteWindow(bytes, range) else { throw NotUnderstood("a page is short") }
    return window
  }

  private func page(_ number: Int) throws(NotUnderstood) -> [UInt8] {
    let slot = number % Self.slotCount
    if slots[slot].number == number { return slots[slot].bytes }
    let start = number * Self.pageSize
    let bytes = try read(from: start, count: min(Self.pageSize, limit - start))
    slots[slot] = Page(number: number, bytes: bytes)
    return bytes
  }

  private func read(from start: Int, count: Int) throws(NotUnderstood) -> [UInt8] {
    guard let extent = Extent(offset: start, length: count) else {
      throw NotUnderstood("a negative length")
    }
    do throws(CheckpointError) {
      return try file.bytes(extent)
    } catch {
      // The worker meets the same fault and words it.
      throw NotUnderstood("the file can't be read")
    }
  }
}
