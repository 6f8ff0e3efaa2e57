import Checkpoints

/// Adds texts to the root group of a file without libhdf5: a heap and a block of the header are put
/// behind the file's end, and the header's last attribute (or what else has room) gives way to a
/// pointer to them.
///
/// That is what libhdf5 does, too. No object gets another address and no byte of a value changes.
struct RootAnnotation {
  /// Bytes for a position of the file.
  struct Change {
    let position: Int
    let bytes: [UInt8]
  }

  private let superblock: NativeSuperblock
  private let header: ObjectHeader
  private let texts: [TextAttribute]
  private var image: HeaderImage
  /// The addresses of the attributes that are replaced; they are null messages of the image now.
  private var replaced: Set<UInt64> = []

  /// Reads the root group's header.
  ///
  /// - Parameters:
  ///   - attributes: The texts; an attribute of the same name is replaced.
  ///   - superblock: The file.
  /// - Throws: ``NotUnderstood`` where only libhdf5 can do it.
  init(_ attributes: [Checkpoint.Attribute], _ superblock: NativeSuperblock) throws(NotUnderstood) {
    self.superblock = superblock
    // What lies behind the end of the content would be in the way.
    guard superblock.end == superblock.file.size else { throw NotUnderstood("another end") }
    header = try ObjectHeader(at: superblock.rootAddress, in: superblock.file)
    guard GroupReader.isGroup(header) else { throw NotUnderstood("no group") }
    image = try HeaderImage(header, in: superblock.file)
    var texts: [TextAttribute] = []
    for attribute in attributes { texts.append(try TextAttribute(attribute)) }
    self.texts = texts
    try removeNamesakes()
  }

  /// What is to be written; the last change makes the file longer.
  func changes() throws(NotUnderstood) -> [Change] {
    var image = image
    let heap = try TextCollection(texts.map(\.text))
    let (end, overflow) = superblock.end.addingReportingOverflow(7)
    guard !overflow else { throw NotUnderstood("a file beyond all sizes") }
    // Addresses count from the user block's end, which is a multiple of 512.
    let heapAt = UInt64(end & ~7) - superblock.userBlockSize
    let blockAt = heapAt + UInt64(heap.bytes.count)
    var messages = try newMessages(&image, heap: heapAt)
    let gap = try chooseGap(image)
    if let moved = gap.moved { messages.insert(moved, at: 0) }
    let block = continuationBlock(messages.flatMap(\.self))
    try point(to: blockAt, length: block.count, from: gap, in: &image)
    try count(gap, in: &image)
    let newEnd = Int(blockAt + superblock.userBlockSize) + block.count
    return try image.changes().map { change throws(NotUnderstood) in
      Change(
        position: try superblock.file.position(of: change.address, count: change.bytes.count),
        bytes: change.bytes)
    } + [superblock.endChange(newEnd), Change(position: end & ~7, bytes: heap.bytes + block)]
  }

  private mutating func removeNamesakes() throws(NotUnderstood) {
    let types = CommittedTypes(in: superblock.file)
    let names = Set(texts.map(\.name))
    for message in header.all(.attribute)
    where names.contains(try AttributeMessage(message.body, types).name.bytes) {
      replaced.insert(message.address)
      try image.replace(
        at: message.address, with: image.null(image.headLength + message.body.remaining))
    }
  }

  /// The attributes as messages, and what a header of version 2 has to know of them.
  private func newMessages(
    _ image: inout HeaderImage, heap: UInt64
  ) throws(NotUnderstood) -> [[UInt8]] {
    var order: AttributeOrder?
    if case .version2(let flags, let maxCompact) = header.form {
      order = try AttributeOrder(header, flags: flags)
      let count = header.all(.attribute).count - replaced.count + texts.count
      guard count <= maxCompact else { throw NotUnderstood("more attributes than a header holds") }
    }
    var messages: [[UInt8]] = []
    for (place, text) in texts.enumerated() {
      let number = try order?.take() ?? 0
      messages.append(
        image.message(
          .attribute, order: number,
          text.body(header.form, collection: heap, index: place + 1)))
    }
    if let added = try order?.store(in: &image), !added.isEmpty { messages.insert(added, at: 0) }
    return messages
  }
}

extension RootAnnotation {
  /// A place in the header for a pointer to another block.
  private struct Gap {
    let address: UInt64
    let length: Int
    /// The message that stood there, unless it meant nothing.
    let moved: [UInt8]?
  }

  private static let pointerLength = 16

  /// Chooses a null message, else the last attribute, else the last message that has room.
  private func chooseGap(_ image: HeaderImage) throws(NotUnderstood) -> Gap {
    let needed = image.headLength + Self.pointerLength
    func fits(_ message: HeaderMessage) -> Bool {
      let left = image.headLength + message.body.remaining - needed
      return left == 0 || left >= image.headLength
    }
    func isNull(_ message: HeaderMessage) -> Bool {
      message.kind == .null || replaced.contains(message.address)
    }
    let fitting = header.messages.filter(fits)
    let chosen =
      fitting.last(where: isNull) ?? fitting.last { $0.kind == .attribute }
      ?? fitting.last { $0.kind != .continuation }
    guard let chosen else { throw NotUnderstood("no room in the header") }
    let length = image.headLength + chosen.body.remaining
    return Gap(
      address: chosen.address, length: length,
      moved: isNull(chosen) ? nil : try image.bytes(at: chosen.address, count: length))
  }

  private func continuationBlock(_ messages: [UInt8]) -> [UInt8] {
    guard case .version2 = header.form else { return messages }
    var block = MetadataBytes()
    block.append("OCHK")
    block.append(messages)
    block.appendChecksum()
    return block.bytes
  }

  /// Puts the pointer into the gap, and a null message into the rest.
  private func point(
    to address: UInt64, length: Int, from gap: Gap, in image: inout HeaderImage
  ) throws(NotUnderstood) {
    var body = MetadataBytes()
    body.append(address)
    body.append(UInt64(length))
    var messages = image.message(.continuation, body.bytes)
    if gap.length > messages.count { messages += image.null(gap.length - messages.count) }
    try image.replace(at: gap.address, with: messages)
  }

  /// Brings the number of messages up to date, which a header of version 1 states.
  private func count(_ gap: Gap, in image: inout HeaderImage) throws(NotUnderstood) {
    guard case .version1 = header.form else { return }
    let leavesRest = gap.length > image.headLength + Self.pointerLength
    let added = texts.count + 1 + (leavesRest ? 1 : 0) - (gap.moved == nil ? 1 : 0)
    guard let count = UInt16(exactly: header.messages.count + added) else {
      throw NotUnderstood("too many messages")
    }
    var number = MetadataBytes()
    number.append(count)
    try image.replace(at: superblock.rootAddress + 2, with: number.bytes)
  }
}
