/// The element that stands where nothing was written.
///
/// Source: HDF5 File Format Specification 3.0, sections IV.A.2.e and IV.A.2.f.
struct FillMessage {
  /// The element's bytes; nil where it is all zeros.
  let value: [UInt8]?

  /// Reads a data set's fill value, in its new form where both are there.
  init(of header: ObjectHeader) throws(NotUnderstood) {
    if let message = try header.only(.fill) {
      value = try Self.new(message.body)
    } else if let message = try header.only(.oldFill) {
      var body = message.body
      let size = try body.length(4)
      value = size == 0 ? nil : try body.array(size)
    } else {
      value = nil
    }
  }

  private static func new(_ body: ByteWindow) throws(NotUnderstood) -> [UInt8]? {
    var body = body
    let version = try body.byte()
    let allocation: UInt8
    let writing: UInt8
    let isDefined: Bool
    switch version {
    case 1, 2:
      allocation = try body.byte()
      writing = try body.byte()
      let defined = try body.byte()
      guard defined <= 1 else { throw NotUnderstood("a fill value's state") }
      isDefined = defined == 1
    case 3:
      let flags = try body.byte()
      guard flags & 0xC0 == 0, flags & 0x30 != 0x30 else { throw NotUnderstood("a fill value") }
      allocation = flags & 0b11
      writing = flags >> 2 & 0b11
      isDefined = flags & 0x20 != 0
    default: throw NotUnderstood("a fill value of version \(version)")
    }
    guard allocation <= 3, writing <= 2 else { throw NotUnderstood("a fill value's times") }
    guard isDefined else { return nil }
    let size = try body.length(4)
    return size == 0 ? nil : try body.array(size)
  }
}
