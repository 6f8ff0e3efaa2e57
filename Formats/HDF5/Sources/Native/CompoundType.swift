import Checkpoints

/// A record: named parts at offsets, each a type without parts.
///
/// Source: HDF5 File Format Specification 3.0, section IV.A.2.d, class 6.
struct CompoundType {
  let type: HDF5Type
  private(set) var holdsSequences = false
  private(set) var holdsTexts = false

  init(_ head: DatatypeHead, _ body: inout ByteWindow) throws(NotUnderstood) {
    let count = Int(head.bits & 0xFFFF)
    guard count > 0 else { throw NotUnderstood("a record without parts") }
    var members: [(name: String, offset: Int, type: HDF5Type)] = []
    var holdsReferences = false
    var end = 0
    for _ in 0..<count {
      let name = try body.memberName(version: head.version)
      let offset = try Self.offset(head, &body)
      let member = try DatatypeHead(&body)
      // Overlapping or unordered parts would need libhdf5's judgement.
      guard offset >= end, member.size <= head.size, offset <= head.size - member.size else {
        throw NotUnderstood("a record's part outside of it")
      }
      end = offset + member.size
      let type: HDF5Type
      if member.kind == .sequence {
        let sequence = try SequenceType(member, &body)
        // Its size in memory differs, and with it the record's.
        guard !sequence.isText else { throw NotUnderstood("a record with texts of any length") }
        type = sequence.type
        holdsSequences = true
        holdsTexts = holdsTexts || sequence.holdsTexts
      } else {
        let leaf = try LeafType(member, &body)
        type = leaf.type
        holdsTexts = holdsTexts || leaf.padding != nil
      }
      holdsReferences = holdsReferences || type.holdsReferences
      members.append((String(decoding: name, as: UTF8.self), offset, type))
    }
    type =
      .complex(size: head.size, members: members)
      ?? HDF5Type(
        element: .compound(head.size), size: head.size, holdsReferences: holdsReferences)
  }

  /// Reads where a part begins, and what only version 1 has: the part's axes, never in use.
  private static func offset(
    _ head: DatatypeHead, _ body: inout ByteWindow
  ) throws(NotUnderstood) -> Int {
    guard head.version < 3 else {
      return try body.length(bytesNeeded(for: UInt64(head.size)))
    }
    let offset = try body.length(4)
    if head.version == 1 {
      try body.constant(0)
      try body.skip(27)
    }
    return offset
  }
}

/// A sequence of variable length of types without parts, or a text of variable length.
///
/// Source: HDF5 File Format Specification 3.0, section IV.A.2.d, class 9.
struct SequenceType {
  let type: HDF5Type
  let isText: Bool
  /// Whether the elements of a sequence are texts.
  let holdsTexts: Bool

  /// A length, a heap's address and an index.
  private static let storedSize = 16
  /// The size of a pointer, which stands for a text in memory.
  private static let pointerSize = 8

  init(_ head: DatatypeHead, _ body: inout ByteWindow) throws(NotUnderstood) {
    guard head.size == Self.storedSize else { throw NotUnderstood("a sequence's size") }
    let baseHead = try DatatypeHead(&body)
    let base = try LeafType(baseHead, &body)
    switch head.bits & 0x0F {
    case 0:
      isText = false
      holdsTexts = base.padding != nil
      type = .sequences(size: Self.storedSize, holdsReferences: base.type.holdsReferences)
    case 1:
      guard baseHead.size == 1, baseHead.kind == .text || baseHead.kind == .integer,
        head.bits >> 4 & 0x0F <= 2, head.bits >> 8 & 0x0F <= 1
      else { throw NotUnderstood("a text of something else") }
      isText = true
      holdsTexts = true
      type = .text(isVariable: true, size: Self.pointerSize)
    default: throw NotUnderstood("a sequence of an unknown kind")
    }
  }
}

/// The bytes that a number up to `limit` takes where the format saves space (H5VM_limit_enc_size).
func bytesNeeded(for limit: UInt64) -> Int {
  (63 - max(limit, 1).leadingZeroBitCount) / 8 + 1
}
