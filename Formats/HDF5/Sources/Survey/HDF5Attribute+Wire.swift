import Checkpoints

extension HDF5Attribute {
  private static let stringsCode: UInt8 = 0
  private static let rawCode: UInt8 = 1
  private static let unreadCode: UInt8 = 2

  func write(to wire: inout WireWriter) {
    wire.write(name)
    type.write(to: &wire)
    wire.write(optional: shape) { $0.write(integers: $1) }
    switch value {
    case .strings(let texts):
      wire.write(Self.stringsCode)
      wire.write(list: texts) { $0.write($1) }
    case .raw(let bytes):
      wire.write(Self.rawCode)
      wire.write(bytes)
    case .unread(let reason):
      wire.write(Self.unreadCode)
      wire.write(reason)
    }
  }

  init(from wire: inout WireReader) throws(WireError) {
    let name = try wire.name()
    let type = try HDF5Type(from: &wire)
    let shape = try wire.optional { wire throws(WireError) in try wire.integers(Int.self) }
    let count = shape.map { checkedProduct($0) } ?? 0
    guard let count else { throw WireError(reason: "attribute \(name) has an impossible shape") }
    let value: Value
    switch try wire.byte() {
    case Self.stringsCode:
      let texts = try wire.list { wire throws(WireError) in try wire.byteArray() }
      guard texts.count == count else {
        throw WireError(reason: "attribute \(name): \(texts.count) texts for \(count) elements")
      }
      value = .strings(texts)
    case Self.rawCode:
      let bytes = try wire.byteArray()
      guard checkedProduct([count, type.size]) == bytes.count else {
        throw WireError(
          reason: "attribute \(name): \(bytes.count) bytes for \(count) elements of \(type.size)")
      }
      value = .raw(bytes)
    case Self.unreadCode: value = .unread(try wire.text())
    case let code: throw WireError(reason: "attribute \(name) has an unknown value \(code)")
    }
    self.init(name: name, type: type, shape: shape, value: value)
  }
}
