import Checkpoints

/// A scalar attribute that holds a text of variable length in UTF-8, as h5py writes a Python string.
///
/// Source: HDF5 File Format Specification 3.0, sections IV.A.2.m (attribute), IV.A.2.d (type) and
/// IV.A.2.b (space).
struct TextAttribute {
  let name: [UInt8]
  let text: [UInt8]

  /// A text of variable length, terminated by zero, in UTF-8: a sequence of unsigned bytes.
  private static let type: [UInt8] = [
    0x19, 0x01, 0x01, 0, 16, 0, 0, 0,
    0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0,
  ]
  /// One element.
  private static let space: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0]

  init(_ attribute: Checkpoint.Attribute) throws(NotUnderstood) {
    name = Array(attribute.name.utf8)
    text = Array(attribute.value.utf8)
    guard !name.isEmpty, name.count < 1 << 15, !name.contains(0), !text.contains(0) else {
      throw NotUnderstood("a name or a text that C can't hold")
    }
    guard text.count < 1 << 30 else { throw NotUnderstood("a long text") }
  }

  /// The message's body.
  ///
  /// - Parameters:
  ///   - form: The form of the header; newer ones have newer messages.
  ///   - collection: The address of the collection that holds the text.
  ///   - index: The text's index in the collection.
  /// - Returns: The bytes; their number depends on name and form only.
  func body(_ form: ObjectHeader.Form, collection: UInt64, index: Int) -> [UInt8] {
    let isOld = form == .version1
    var body = MetadataBytes()
    body.append(UInt8(isOld ? 1 : 3))
    body.append(UInt8(0))
    body.append(UInt16(name.count + 1))
    body.append(UInt16(Self.type.count))
    body.append(UInt16(Self.space.count))
    if !isOld { body.append(UInt8(name.allSatisfy { $0 < 0x80 } ? 0 : 1)) }
    for part in [name + [0], Self.type, Self.space] {
      body.append(part)
      if isOld { body.align() }
    }
    body.append(UInt32(text.count))
    body.append(text.isEmpty ? UInt64(0) : collection)
    body.append(UInt32(text.isEmpty ? 0 : index))
    if isOld { body.align() }
    return body.bytes
  }
}
