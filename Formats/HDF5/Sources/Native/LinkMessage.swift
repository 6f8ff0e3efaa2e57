import Checkpoints

/// A link as groups of version 1.8 keep it, in their header or in a heap.
///
/// Source: HDF5 File Format Specification 3.0, section IV.A.2.g.
struct LinkMessage {
  let link: NativeLink
  /// When it was made, where the group tracks that.
  let creationOrder: UInt64?

  init(_ body: ByteWindow) throws(NotUnderstood) {
    var body = body
    try body.constant(1)
    let flags = try body.byte()
    guard flags & 0xE0 == 0 else { throw NotUnderstood("a link with flags \(flags)") }
    let kind = flags & 0x08 != 0 ? try body.byte() : 0
    creationOrder = flags & 0x04 != 0 ? try body.u64() : nil
    if flags & 0x10 != 0, try body.byte() > 1 { throw NotUnderstood("a link's letters") }
    let name = try body.array(try body.length(1 << Int(flags & 0b11)))
    switch kind {
    case 0: link = try NativeLink(name: name, target: .hard(try body.u64()))
    case 1:
      let target = try body.array(try body.u16())
      link = try NativeLink(name: name, target: .soft(target))
    default: throw NotUnderstood("a link of kind \(kind)")
    }
  }
}

/// A link of a group, its name checked.
struct NativeLink {
  enum Target {
    case hard(UInt64)
    case soft([UInt8])
  }

  let name: [UInt8]
  let target: Target

  init(name: [UInt8], target: Target) throws(NotUnderstood) {
    guard !name.isEmpty, name != [UInt8(ascii: ".")],
      !name.contains(where: { $0 == 0 || $0 == UInt8(ascii: "/") })
    else { throw NotUnderstood("a link's name") }
    if case .soft(let path) = target {
      guard !path.isEmpty, path.count < TreeWalk.pathLimit, !path.contains(0) else {
        throw NotUnderstood("a soft link's target")
      }
    }
    self.name = name
    self.target = target
  }
}

/// How a group of version 1.8 keeps its links.
///
/// Source: HDF5 File Format Specification 3.0, section IV.A.2.c.
struct LinkInfoMessage {
  let tracksCreationOrder: Bool
  /// The heap of a group with many links; nil where they are messages of the header.
  let heap: UInt64?
  /// The index by name.
  let names: UInt64?
  /// The index by creation.
  let creation: UInt64?

  init(_ body: ByteWindow) throws(NotUnderstood) {
    var body = body
    try body.constant(0)
    let flags = try body.byte()
    guard flags & ~0b11 == 0, flags != 0b10 else { throw NotUnderstood("a group's flags \(flags)") }
    tracksCreationOrder = flags & 0b01 != 0
    if tracksCreationOrder { try body.skip(8) }
    heap = try body.address()
    names = try body.address()
    creation = flags & 0b10 != 0 ? try body.address() : nil
  }
}
