import Checkpoints

/// The type of a data set's or an attribute's elements.
///
/// Understood: types without parts (``LeafType``) and records of these. Arrays and records within
/// records are left to the worker, so nothing here descends further than one level.
///
/// Source: HDF5 File Format Specification 3.0, section IV.A.2.d.
struct DatatypeMessage {
  /// How elements that are texts are stored.
  enum Text {
    /// In a field with padding: 0 up to a zero byte, 1 zeros, 2 spaces.
    case fixed(padding: UInt8)
    /// In a global heap.
    case variable
  }

  /// The type as the worker would describe it.
  let type: HDF5Type
  /// The size of an element in the file; texts of variable length take less in memory.
  let storedSize: Int
  /// Nil for what isn't a text.
  let text: Text?
  /// Whether an element is a sequence of variable length or has one among its parts.
  let holdsSequences: Bool
  /// Whether an element is a text or has one among its parts.
  let holdsTexts: Bool

  init(_ body: ByteWindow) throws(NotUnderstood) {
    var body = body
    let head = try DatatypeHead(&body)
    if head.kind == .compound {
      let record = try CompoundType(head, &body)
      type = record.type
      storedSize = head.size
      text = nil
      holdsSequences = record.holdsSequences
      holdsTexts = record.holdsTexts
    } else if head.kind == .sequence {
      let sequence = try SequenceType(head, &body)
      type = sequence.type
      storedSize = head.size
      text = sequence.isText ? .variable : nil
      holdsSequences = !sequence.isText
      holdsTexts = sequence.isText || sequence.holdsTexts
    } else {
      let leaf = try LeafType(head, &body)
      type = leaf.type
      storedSize = head.size
      text = leaf.padding.map { .fixed(padding: $0) }
      holdsSequences = false
      holdsTexts = leaf.padding != nil
    }
  }
}

/// The eight bytes with which every type begins.
struct DatatypeHead {
  enum Kind: UInt8 {
    case integer = 0
    case float = 1
    case text = 3
    case bits, opaque, compound, reference, enumeration, sequence
  }

  let kind: Kind
  /// 1...3.
  let version: Int
  /// The "class bit field".
  let bits: UInt32
  /// The size of an element; at least 1.
  let size: Int

  init(_ body: inout ByteWindow) throws(NotUnderstood) {
    let first = try body.byte()
    guard let kind = Kind(rawValue: first & 0x0F) else {
      throw NotUnderstood("a type of class \(first & 0x0F)")
    }
    self.kind = kind
    version = Int(first >> 4)
    bits = UInt32(try body.unsigned(3))
    size = try body.length(4)
    guard (1...3).contains(version), size > 0 else { throw NotUnderstood("a type's version") }
  }

  /// Whether bytes stand in big-endian order; other bits of the field don't matter to order.
  var order: ByteOrder { bits & 1 == 0 ? .little : .big }
}

extension ByteWindow {
  /// A name among a type's parts: before version 3 padded to a multiple of 8 bytes.
  mutating func memberName(version: Int) throws(NotUnderstood) -> [UInt8] {
    let name = try terminated()
    if version < 3 { try skip((8 - (name.count + 1) % 8) % 8) }
    return name
  }
}
