/// The heap of a group with many links or an object with many attributes.
///
/// Understood: objects in the heap's own blocks. Huge objects, those that their identifier holds
/// itself, and filtered heaps are left to the worker.
///
/// Source: HDF5 File Format Specification 3.0, section III.G.
final class FractalHeap {
  /// The bytes of an object's identifier.
  let idSize: Int

  private let file: MetadataFile
  private let address: UInt64
  private let table: DoublingTable
  /// The bytes of an offset within the heap.
  private let offsetWidth: Int
  private let lengthWidth: Int
  private let largestObject: Int
  private let hasChecksums: Bool
  private let root: UInt64?
  /// The rows of the root; 0 where it is a direct block.
  private let rootRows: Int
  /// Blocks that were read and checked, by address.
  private var direct: [UInt64: ByteWindow] = [:]
  private var indirect: [UInt64: ByteWindow] = [:]

  init(at address: UInt64, in file: MetadataFile) throws(NotUnderstood) {
    try file.claim(address)
    var head = try file.window(at: address, count: 146)
    let start = head
    try head.signature("FRHP")
    try head.constant(0)
    idSize = try head.u16()
    try head.constant(0, width: 2)
    let flags = try head.byte()
    guard flags & 0xFC == 0 else { throw NotUnderstood("a heap with flags \(flags)") }
    hasChecksums = flags & 0b10 != 0
    largestObject = try head.length(4)
    try head.skip(96)
    let width = try head.u16()
    let startSize = try head.length()
    let largestDirect = try head.length()
    let offsetBits = try head.u16()
    try head.skip(2)
    root = try head.address()
    rootRows = try head.u16()
    try head.checksum(since: start)
    guard offsetBits > 0, offsetBits < 64 else { throw NotUnderstood("a heap's size") }
    table = try DoublingTable(width: width, startSize: startSize, largestDirect: largestDirect)
    offsetWidth = (offsetBits + 7) / 8
    lengthWidth = min(
      (largestDirect.trailingZeroBitCount + 7) / 8, bytesNeeded(for: UInt64(largestObject)))
    guard idSize >= 1 + offsetWidth + lengthWidth else {
      throw NotUnderstood("a heap's identifiers of \(idSize) bytes")
    }
    self.file = file
    self.address = address
  }

  /// Reads an identifier from a record, and the object that it names.
  func object(_ record: inout ByteWindow) throws(NotUnderstood) -> ByteWindow {
    var id = try record.take(idSize)
    try id.constant(0)
    let offset = try id.length(offsetWidth)
    let length = try id.length(lengthWidth)
    guard length > 0, length <= largestObject else { throw NotUnderstood("an object's length") }
    var (block, blockStart) = try block(holding: offset)
    try block.skip(offset - blockStart)
    try file.spend(length)
    return try block.take(length)
  }

  /// Finds the direct block of an offset, and where in the heap it starts.
  private func block(holding offset: Int) throws(NotUnderstood) -> (ByteWindow, Int) {
    guard var current = root else { throw NotUnderstood("a heap without blocks") }
    var rows = rootRows
    var start = 0
    if rows == 0 {
      guard offset < table.startSize else { throw NotUnderstood("an offset beyond the heap") }
      return (try directBlock(at: current, start: 0, size: table.startSize), 0)
    }
    // Each step leads to a smaller block, so this ends.
    while true {
      guard let place = table.place(of: offset - start, rows: rows) else {
        throw NotUnderstood("an offset beyond the heap")
      }
      var children = try indirectBlock(at: current, start: start, rows: rows)
      try children.skip((place.row * table.width + place.column) * 8)
      guard let child = try children.address() else { throw NotUnderstood("a block is missing") }
      start += place.start
      if place.row < table.directRows {
        return (try directBlock(at: child, start: start, size: place.size), start)
      }
      current = child
      let childRows = table.rows(ofIndirect: place.size)
      guard childRows > 0, childRows < rows else { throw NotUnderstood("a block's rows") }
      rows = childRows
    }
  }

  /// Reads what direct and indirect blocks begin with.
  private func prefix(
    _ block: inout ByteWindow, _ signature: StaticString, start: Int
  ) throws(NotUnderstood) {
    try block.signature(signature)
    try block.constant(0)
    try block.constant(address, width: 8)
    try block.constant(UInt64(start), width: offsetWidth)
  }

  /// A direct block, head included: offsets count from there.
  private func directBlock(
    at address: UInt64, start: Int, size: Int
  ) throws(NotUnderstood) -> ByteWindow {
    if let known = direct[address] { return known }
    try file.claim(address)
    let whole = try file.window(at: address, count: size)
    var block = whole
    try prefix(&block, "FHDB", start: start)
    if hasChecksums {
      // The sum is over the block with zeros in the sum's own place.
      var copy = whole
      var bytes = try copy.array(size)
      let at = size - block.remaining
      let sum = try block.u32()
      for index in at..<at + 4 { bytes[index] = 0 }
      guard Lookup3.hash(bytes[...]) == sum else { throw NotUnderstood("a checksum differs") }
    }
    direct[address] = whole
    return whole
  }

  /// The addresses of an indirect block's children.
  private func indirectBlock(
    at address: UInt64, start: Int, rows: Int
  ) throws(NotUnderstood) -> ByteWindow {
    if let known = indirect[address] { return known }
    try file.claim(address)
    let entries = rows * table.width * 8
    var block = try file.window(at: address, count: 13 + offsetWidth + entries + 4)
    let begin = block
    try prefix(&block, "FHIB", start: start)
    let children = try block.take(entries)
    try block.checksum(since: begin)
    indirect[address] = children
    return children
  }
}
