/// Object headers of version 2: blocks with signatures and checksums, packed messages.
///
/// Source: HDF5 File Format Specification 3.0, section IV.A.1.b.
enum HeaderVersion2 {
  /// The most continuation blocks of one header that are followed.
  private static let blockLimit = 4096

  /// The length of what stands before each message's body.
  static func headLength(flags: UInt8) -> Int { tracksAttributes(flags) ? 6 : 4 }

  /// Whether the order in which attributes were made is kept.
  static func tracksAttributes(_ flags: UInt8) -> Bool { flags & 0x04 != 0 }

  static func content(
    at address: UInt64, in file: MetadataFile
  ) throws(NotUnderstood) -> ObjectHeader.Content {
    var prefix = try file.window(at: address, count: 6)
    try prefix.signature("OHDR")
    try prefix.constant(2)
    let flags = try prefix.byte()
    guard flags & 0xC0 == 0 else { throw NotUnderstood("a header with flags \(flags)") }
    // Times, the numbers at which attributes move to a heap and back, the size of the block.
    let hasNumbers = flags & 0x10 != 0
    let numbersAt = 6 + (flags & 0x20 != 0 ? 16 : 0)
    let sizeWidth = 1 << Int(flags & 0b11)
    let sizeAt = numbersAt + (hasNumbers ? 4 : 0)
    var head = try file.window(at: address, count: sizeAt + sizeWidth)
    try head.skip(numbersAt)
    let maxCompact = hasNumbers ? try head.u16() : 8
    if hasNumbers { try head.skip(2) }
    let size = try head.length(sizeWidth)
    let (whole, overflow) = size.addingReportingOverflow(sizeAt + sizeWidth + 4)
    guard !overflow else { throw NotUnderstood("a header beyond all files") }

    var content = ObjectHeader.Content(
      form: .version2(flags: flags, maxCompact: maxCompact),
      blocks: [ObjectHeader.Block(address: address, length: whole)])
    var next = 0
    while next < content.blocks.count {
      guard next <= blockLimit else { throw NotUnderstood("too many continuations") }
      let (address, length) = (content.blocks[next].address, content.blocks[next].length)
      if next > 0 { try file.claim(address) }
      var block = try file.window(at: address, count: length)
      let start = block
      if next == 0 { try block.skip(sizeAt + sizeWidth) } else { try block.signature("OCHK") }
      next += 1
      let first = address &+ UInt64(length - block.remaining)
      var body = try block.take(block.remaining - 4)
      try block.checksum(since: start)
      try append(&body, at: first, headLength(flags: flags), to: &content)
    }
    return content
  }

  /// Reads the messages of one block; less than a message's head at its end is a gap.
  private static func append(
    _ body: inout ByteWindow, at address: UInt64, _ headLength: Int,
    to content: inout ObjectHeader.Content
  ) throws(NotUnderstood) {
    let length = body.remaining
    while body.remaining >= headLength {
      let place = address &+ UInt64(length - body.remaining)
      let type = UInt16(try body.byte())
      let size = try body.u16()
      let flags = try body.byte()
      try body.skip(headLength - 4)
      let message = try HeaderMessage(
        type: type, flags: flags, at: place, body: try body.take(size))
      content.messages.append(message)
      if message.kind == .continuation {
        content.blocks.append(try ObjectHeader.continuation(message.body))
      }
    }
  }
}
