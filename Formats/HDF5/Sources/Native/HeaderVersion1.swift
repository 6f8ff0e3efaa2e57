/// Object headers of version 1: no checksum, messages aligned to 8 bytes.
///
/// Source: HDF5 File Format Specification 3.0, section IV.A.1.a.
enum HeaderVersion1 {
  /// The length of what stands before the messages of the first block.
  static let prefixLength = 16
  /// The length of what stands before each message's body.
  static let headLength = 8

  /// Reads all messages.
  ///
  /// The prefix says how many messages there are, which bounds the continuation blocks too: each is
  /// named by a message.
  static func content(
    _ prefix: ByteWindow, at address: UInt64, in file: MetadataFile
  ) throws(NotUnderstood) -> ObjectHeader.Content {
    var prefix = prefix
    try prefix.constant(1)
    try prefix.skip(1)
    let count = try prefix.u16()
    try prefix.skip(4)
    let length = prefixLength + (try prefix.length(4))
    var content = ObjectHeader.Content(
      form: .version1, blocks: [ObjectHeader.Block(address: address, length: length)])
    content.messages.reserveCapacity(min(count, 16))
    var next = 0
    while next < content.blocks.count {
      let (address, length) = (content.blocks[next].address, content.blocks[next].length)
      if next > 0 { try file.claim(address) }
      var block = try file.window(at: address, count: length)
      if next == 0 { try block.skip(prefixLength) }
      next += 1
      while block.remaining > 0 {
        guard content.messages.count < count else {
          throw NotUnderstood("more messages than announced")
        }
        let place = address &+ UInt64(length - block.remaining)
        let type = UInt16(truncatingIfNeeded: try block.u16())
        let size = try block.u16()
        let flags = try block.byte()
        try block.skip(3)
        guard size % 8 == 0 else { throw NotUnderstood("a message of \(size) bytes") }
        let message = try HeaderMessage(
          type: type, flags: flags, at: place, body: try block.take(size))
        content.messages.append(message)
        if message.kind == .continuation {
          content.blocks.append(try ObjectHeader.continuation(message.body))
        }
      }
    }
    guard content.messages.count == count else {
      throw NotUnderstood("fewer messages than announced")
    }
    return content
  }
}
