/// Object headers of version 1: no checksum, messages aligned to 8 bytes.
///
/// Source: HDF5 File Format Specification 3.0, section IV.A.1.a.
enum HeaderVersion1 {
  /// Reads all messages.
  ///
  /// The prefix says how many messages there are, which bounds the continuation blocks too: each is
  /// named by a message.
  static func messages(
    _ prefix: ByteWindow, at address: UInt64, in file: MetadataFile
  ) throws(NotUnderstood) -> [HeaderMessage] {
    var prefix = prefix
    try prefix.constant(1)
    try prefix.skip(1)
    let count = try prefix.u16()
    try prefix.skip(4)
    var blocks = [(address: address &+ 16, length: try prefix.length(4))]
    var messages: [HeaderMessage] = []
    messages.reserveCapacity(min(count, 16))
    var next = 0
    while next < blocks.count {
      if next > 0 { try file.claim(blocks[next].address) }
      var block = try file.window(at: blocks[next].address, count: blocks[next].length)
      next += 1
      while block.remaining > 0 {
        guard messages.count < count else { throw NotUnderstood("more messages than announced") }
        let type = UInt16(truncatingIfNeeded: try block.u16())
        let size = try block.u16()
        let flags = try block.byte()
        try block.skip(3)
        guard size % 8 == 0 else { throw NotUnderstood("a message of \(size) bytes") }
        let message = try HeaderMessage(type: type, flags: flags, body: try block.take(size))
        messages.append(message)
        if message.kind == .continuation {
          blocks.append(try ObjectHeader.continuation(message.body))
        }
      }
    }
    guard messages.count == count else { throw NotUnderstood("fewer messages than announced") }
    return messages
  }
}
