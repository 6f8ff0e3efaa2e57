/// One message of an object's header.
struct HeaderMessage {
  /// What a message is about; its type number.
  enum Kind: UInt16 {
    case null = 0x00
    case dataspace, linkInfo, datatype, oldFill, fill, link, externalFiles, layout
    case groupInfo = 0x0A
    case filters, attribute, comment, oldModificationTime
    case continuation = 0x10
    case symbolTable, modificationTime
    case attributeInfo = 0x15
    case referenceCount

    /// A set with this kind alone; all type numbers are below 32.
    var bit: UInt32 { 1 << UInt32(rawValue) }
  }

  let kind: Kind
  /// Whether the body is a reference to the message instead of the message.
  let isShared: Bool
  /// Where the message's head lies.
  let address: UInt64
  let body: ByteWindow

  /// Checks a type number and flags: only constant, shared and never shared are known here.
  init(
    type: UInt16, flags: UInt8, at address: UInt64, body: ByteWindow
  ) throws(NotUnderstood) {
    guard let kind = Kind(rawValue: type) else { throw NotUnderstood("a message of type \(type)") }
    guard flags & ~0b111 == 0, flags & 0b110 != 0b110 else {
      throw NotUnderstood("a message with flags \(flags)")
    }
    self.kind = kind
    isShared = flags & 0b10 != 0
    self.address = address
    self.body = body
    if isShared, kind != .datatype { throw NotUnderstood("a shared message") }
  }
}

/// The header of an object: what it is, as a list of messages.
///
/// Source: HDF5 File Format Specification 3.0, section IV.A.
struct ObjectHeader {
  /// How the messages are stored.
  enum Form: Equatable {
    /// No checksums, messages aligned to 8 bytes.
    case version1
    /// Checksums, packed messages.
    ///
    /// - Parameters:
    ///   - flags: The header's flags.
    ///   - maxCompact: The most attributes that stand in the header itself.
    case version2(flags: UInt8, maxCompact: Int)
  }

  /// A range of the file that holds messages, with what stands before and behind them.
  struct Block {
    let address: UInt64
    let length: Int
  }

  /// What is read of a header.
  struct Content {
    let form: Form
    var blocks: [Block]
    var messages: [HeaderMessage] = []
  }

  let form: Form
  /// The header itself, then its continuation blocks.
  let blocks: [Block]
  /// The messages, those of continuation blocks behind the others, as libhdf5 orders them.
  let messages: [HeaderMessage]
  /// Bit n: there is a message of type n; asking is cheaper than searching.
  private let present: UInt32
  /// Bit n: there are several of type n.
  private let repeated: UInt32

  /// Reads the header at an address with all its continuation blocks.
  init(at address: UInt64, in file: MetadataFile) throws(NotUnderstood) {
    let prefix = try file.window(at: address, count: 16)
    let content =
      if prefix.starts(with: "OHDR") {
        try HeaderVersion2.content(at: address, in: file)
      } else {
        try HeaderVersion1.content(prefix, at: address, in: file)
      }
    form = content.form
    blocks = content.blocks
    messages = content.messages
    var (present, repeated): (UInt32, UInt32) = (0, 0)
    for index in messages.indices {
      let bit = messages[index].kind.bit
      repeated |= present & bit
      present |= bit
    }
    self.present = present
    self.repeated = repeated
  }

  /// Where a continuation block lies, and its length.
  static func continuation(_ body: ByteWindow) throws(NotUnderstood) -> Block {
    var body = body
    guard let address = try body.address() else { throw NotUnderstood("no continuation block") }
    let length = try body.length()
    guard address > 0, length >= 8 else { throw NotUnderstood("an empty continuation") }
    return Block(address: address, length: length)
  }

  /// Whether there is a message of a kind.
  func has(_ kind: HeaderMessage.Kind) -> Bool { present & kind.bit != 0 }

  /// The messages of a kind.
  func all(_ kind: HeaderMessage.Kind) -> [HeaderMessage] {
    has(kind) ? messages.filter { $0.kind == kind } : []
  }

  /// The only message of a kind, or nil; several of a kind are only sound for links and attributes.
  func only(_ kind: HeaderMessage.Kind) throws(NotUnderstood) -> HeaderMessage? {
    guard has(kind) else { return nil }
    guard repeated & kind.bit == 0 else { throw NotUnderstood("two messages of kind \(kind)") }
    for index in messages.indices where messages[index].kind == kind { return messages[index] }
    return nil
  }
}
