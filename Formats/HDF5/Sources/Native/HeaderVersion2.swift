/// Object headers of version 2: blocks with signatures and checksums, packed messages.
///
/// Source: HDF5 File Format Specification 3.0, section IV.A.1.b.
enum HeaderVersion2 {
  /// The most continuation blocks of one header that are followed.
  private static let blockLimit = 4096

  static func messages(
    at address: UInt64, in file: MetadataFile
  ) throws(NotUnderstood) -> [HeaderMessage] {
    // The longest prefix: signature, version, flags, times, phase change, size of the block.
    var prefix = try file.window(at: address, count: 6)
    try prefix.signature("OHDR")
    try prefix.constant(2)
    let flags = try prefix.byte()
    guard flags & 0xC0 == 0 else { throw NotUnderstood("a header with flags \(flags)") }
    let sizeWidth = 1 << Int(flags & 0b11)
    let sizeAt = 6 + (flags & 0x20 != 0 ? 16 : 0) + (flags & 0x10 != 0 ? 4 : 0)
    var head = try file.window(at: address, count: sizeAt + sizeWidth)
    try head.skip(sizeAt)
    let size = try head.length(sizeWidth)
    let (whole, overflow) = size.addingReportingOverflow(sizeAt + sizeWidth + 4)
    guard !overflow else { throw NotUnderstood("a header beyond all files") }

    var block = try file.window(at: address, count: whole)
    let start = block
    try block.skip(sizeAt + sizeWidth)
    let isIndexed = flags & 0x04 != 0
    var body = try block.take(size)
    try block.checksum(since: start)
    var messages: [HeaderMessage] = []
    var blocks: [(address: UInt64, length: Int)] = []
    try append(&body, isIndexed, &messages, &blocks)
    var next = 0
    while next < blocks.count {
      guard blocks.count <= blockLimit else { throw NotUnderstood("too many continuations") }
      let (address, length) = blocks[next]
      next += 1
      try file.claim(address)
      var block = try file.window(at: address, count: length)
      let start = block
      try block.signature("OCHK")
      var body = try block.take(length - 8)
      try block.checksum(since: start)
      try append(&body, isIndexed, &messages, &blocks)
    }
    return messages
  }

  /// Reads the messages of one block; less than a message's head at its end is a gap.
  private static func append(
    _ body: inout ByteWindow, _ isIndexed: Bool, _ messages: inout [HeaderMessage],
    _ blocks: inout [(address: UInt64, length: Int)]
  ) throws(NotUnderstood) {
    let head = isIndexed ? 6 : 4
    while body.remaining >= head {
      let type = UInt16(try body.byte())
      let size = try body.u16()
      let flags = try body.byte()
      if isIndexed { try body.skip(2) }
      let message = try HeaderMessage(type: type, flags: flags, body: try body.take(size))
      messages.append(message)
      if message.kind == .continuation {
        blocks.append(try ObjectHeader.continuation(message.body))
      }
    }
  }
}
