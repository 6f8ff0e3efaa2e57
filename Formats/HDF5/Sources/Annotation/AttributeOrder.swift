/// What a header of version 2 knows of its attributes as a whole: the message of kind
/// `attributeInfo`.
///
/// Source: HDF5 File Format Specification 3.0, section IV.A.2.v.
struct AttributeOrder {
  /// The number that the next attribute gets; nil where the order isn't kept.
  private(set) var next: UInt16?
  private let isIndexed: Bool
  /// The message that is there already.
  private let message: HeaderMessage?

  /// Reads the message, or makes what libhdf5 makes for a header without one.
  init(_ header: ObjectHeader, flags: UInt8) throws(NotUnderstood) {
    message = try header.only(.attributeInfo)
    let isKept = HeaderVersion2.tracksAttributes(flags)
    guard var body = message?.body else {
      guard !header.has(.attribute) || !isKept else { throw NotUnderstood("no number to go on") }
      next = isKept ? 0 : nil
      isIndexed = flags & 0x08 != 0
      return
    }
    try body.constant(0)
    let own = try body.byte()
    guard (own & 0b01 != 0) == isKept else { throw NotUnderstood("an order that isn't kept") }
    next = isKept ? UInt16(truncatingIfNeeded: try body.u16()) : nil
    isIndexed = own & 0b10 != 0
    guard try body.address() == nil else { throw NotUnderstood("attributes in a heap") }
  }

  /// The number of a new attribute.
  mutating func take() throws(NotUnderstood) -> UInt16 {
    guard let number = next else { return 0 }
    // The last number stands for "unknown".
    guard number < .max - 1 else { throw NotUnderstood("no number is left") }
    next = number + 1
    return number
  }

  /// Notes the numbers that were taken in the image.
  ///
  /// - Returns: A message to be added where the header has none yet.
  func store(in image: inout HeaderImage) throws(NotUnderstood) -> [UInt8] {
    guard let message else {
      var body = MetadataBytes()
      body.append(UInt8(0))
      body.append(UInt8(next == nil ? 0 : 0b01) | UInt8(isIndexed ? 0b10 : 0))
      if let next { body.append(next) }
      for _ in 0..<(isIndexed ? 3 : 2) { body.append(UInt64.max) }
      // Never shared, as libhdf5 marks it.
      return image.message(.attributeInfo, flags: 0x04, body.bytes)
    }
    if let next {
      var number = MetadataBytes()
      number.append(next)
      try image.replace(
        at: message.address &+ UInt64(image.headLength + 2), with: number.bytes)
    }
    return []
  }
}
