/// The blocks of an object's header in memory, to be changed and written back.
///
/// Source: HDF5 File Format Specification 3.0, section IV.A.1.
struct HeaderImage {
  private struct Block {
    let address: UInt64
    var bytes: [UInt8]
    var isChanged = false
  }

  let form: ObjectHeader.Form
  private var blocks: [Block] = []

  init(_ header: ObjectHeader, in file: MetadataFile) throws(NotUnderstood) {
    form = header.form
    for block in header.blocks {
      var window = try file.window(at: block.address, count: block.length)
      blocks.append(Block(address: block.address, bytes: try window.array(block.length)))
    }
  }

  /// The length of what stands before each message's body.
  var headLength: Int {
    switch form {
    case .version1: HeaderVersion1.headLength
    case .version2(let flags, _): HeaderVersion2.headLength(flags: flags)
    }
  }

  /// Puts a message together.
  ///
  /// - Parameters:
  ///   - kind: What it is about.
  ///   - flags: The message's flags.
  ///   - order: The attribute's number by creation; only headers that keep the order have it.
  ///   - body: The body; of version 1, a multiple of 8 bytes.
  /// - Returns: Head and body.
  func message(
    _ kind: HeaderMessage.Kind, flags: UInt8 = 0, order: UInt16 = 0, _ body: [UInt8]
  ) -> [UInt8] {
    var message = MetadataBytes()
    switch form {
    case .version1:
      message.append(kind.rawValue)
      message.append(UInt16(truncatingIfNeeded: body.count))
      message.append(flags)
      message.appendZeros(3)
    case .version2:
      message.append(UInt8(truncatingIfNeeded: kind.rawValue))
      message.append(UInt16(truncatingIfNeeded: body.count))
      message.append(flags)
      if headLength == 6 { message.append(order) }
    }
    message.append(body)
    return message.bytes
  }

  /// A message that means nothing, as long as it must be with its head.
  func null(_ length: Int) -> [UInt8] {
    message(.null, [UInt8](repeating: 0, count: length - headLength))
  }

  /// Bytes of one of the blocks.
  func bytes(at address: UInt64, count: Int) throws(NotUnderstood) -> [UInt8] {
    let (block, range) = try place(of: address, count: count)
    return Array(blocks[block].bytes[range])
  }

  /// Changes bytes of one of the blocks.
  mutating func replace(at address: UInt64, with bytes: [UInt8]) throws(NotUnderstood) {
    let (block, range) = try place(of: address, count: bytes.count)
    blocks[block].bytes.replaceSubrange(range, with: bytes)
    blocks[block].isChanged = true
  }

  /// The blocks that were changed, with their checksums.
  func changes() -> [(address: UInt64, bytes: [UInt8])] {
    blocks.filter(\.isChanged).map { block in
      guard case .version2 = form else { return (block.address, block.bytes) }
      var sealed = MetadataBytes()
      sealed.append(block.bytes.dropLast(4))
      sealed.appendChecksum()
      return (block.address, sealed.bytes)
    }
  }

  private func place(
    of address: UInt64, count: Int
  ) throws(NotUnderstood) -> (block: Int, range: Range<Int>) {
    for (index, block) in blocks.enumerated() where address >= block.address {
      guard let start = Int(exactly: address - block.address) else { continue }
      if start <= block.bytes.count, count <= block.bytes.count - start {
        return (index, start..<start + count)
      }
    }
    throw NotUnderstood("no such place in the header")
  }
}
