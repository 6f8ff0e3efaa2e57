import Checkpoints

/// A type without parts of its own kind: number, enumeration, text, opaque bytes, reference.
///
/// Source: HDF5 File Format Specification 3.0, section IV.A.2.d, classes 0, 1, 3, 4, 5, 7 and 8.
struct LeafType {
  let type: HDF5Type
  /// The padding of a text, else nil.
  private(set) var padding: UInt8?

  init(_ head: DatatypeHead, _ body: inout ByteWindow) throws(NotUnderstood) {
    switch head.kind {
    case .integer: type = try Self.integer(head, &body)
    case .float: type = try Self.float(head, &body)
    case .enumeration: type = try Self.enumeration(head, &body)
    case .text:
      let padding = UInt8(head.bits & 0x0F)
      guard padding <= 2, head.bits >> 4 & 0x0F <= 1 else {
        throw NotUnderstood("a text's padding")
      }
      type = .text(isVariable: false, size: head.size)
      self.padding = padding
    case .bits:
      try body.skip(4)
      type = HDF5Type(element: .opaque(head.size), size: head.size)
    case .opaque:
      try body.skip(Int(head.bits & 0xFF))
      type = HDF5Type(element: .opaque(head.size), size: head.size)
    case .reference:
      guard (head.bits & 0x0F == 0 && head.size == 8) || (head.bits & 0x0F == 1 && head.size == 12)
      else { throw NotUnderstood("a reference of \(head.size) bytes") }
      type = .references(size: head.size)
    case .compound, .sequence: throw NotUnderstood("a type within a type")
    }
  }

  /// Integers that fill their bytes; others are left to the worker.
  private static func integer(
    _ head: DatatypeHead, _ body: inout ByteWindow
  ) throws(NotUnderstood) -> HDF5Type {
    let offset = try body.u16()
    let precision = try body.u16()
    guard offset == 0, precision == head.size * 8,
      let type = HDF5Type.integer(
        size: head.size, isSigned: head.bits & 0b1000 != 0, order: head.order)
    else { throw NotUnderstood("integers of \(precision) bits in \(head.size) bytes") }
    return type
  }

  /// Floats that we compute with; others are left to the worker.
  private static func float(
    _ head: DatatypeHead, _ body: inout ByteWindow
  ) throws(NotUnderstood) -> HDF5Type {
    let offset = try body.u16()
    let precision = try body.u16()
    var format = FloatFormat(size: head.size, sign: Int(head.bits >> 8 & 0xFF))
    format.exponentAt = Int(try body.byte())
    format.exponentBits = Int(try body.byte())
    format.mantissaAt = Int(try body.byte())
    format.mantissaBits = Int(try body.byte())
    format.bias = Int(try body.u32())
    let isImplied = head.bits >> 4 & 0b11 == 2
    let isVAX = head.bits & 0x40 != 0
    guard offset == 0, precision == head.size * 8, isImplied, !isVAX, let element = format.element
    else { throw NotUnderstood("a float of another layout") }
    return HDF5Type(element: element, byteOrder: head.order, size: head.size)
  }

  private static func enumeration(
    _ head: DatatypeHead, _ body: inout ByteWindow
  ) throws(NotUnderstood) -> HDF5Type {
    let base = try DatatypeHead(&body)
    guard base.kind == .integer, base.size == head.size else {
      throw NotUnderstood("an enumeration of something else")
    }
    let integers = try integer(base, &body)
    let count = Int(head.bits & 0xFFFF)
    guard count > 0 else { throw NotUnderstood("an enumeration without members") }
    var names: [[UInt8]] = []
    for _ in 0..<count { names.append(try body.memberName(version: head.version)) }
    guard head.size == 1, count == 2 else {
      try body.skip(count * head.size)
      return integers
    }
    var members: [String: Int8] = [:]
    for name in names {
      members[String(decoding: name, as: UTF8.self)] = Int8(bitPattern: try body.byte())
    }
    return .enumeration(of: integers, members: members)
  }
}
