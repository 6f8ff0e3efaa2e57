import Checkpoints

extension HDF5Type {
  /// The types without a size of their own, by their number in a message.
  private static let simple: [ElementType] = [
    .float64, .float32, .float16, .bfloat16, .float8E4M3, .float8E5M2, .int8, .int16, .int32,
    .int64, .uint8, .uint16, .uint32, .uint64, .bool, .complex64, .complex128, .string,
  ]
  private static let opaqueCode: UInt8 = 100
  private static let compoundCode: UInt8 = 101

  func write(to wire: inout WireWriter) {
    switch element {
    case .opaque: wire.write(Self.opaqueCode)
    case .compound: wire.write(Self.compoundCode)
    default: wire.write(UInt8(Self.simple.firstIndex(of: element) ?? Self.simple.count))
    }
    wire.write(byteOrder.rawValue)
    wire.write(UInt64(size))
    wire.write(optional: problem) { $0.write($1) }
    wire.write(holdsReferences)
  }

  init(from wire: inout WireReader) throws(WireError) {
    let code = try wire.byte()
    let order = try wire.byte()
    let claimed = try wire.integer(UInt64.self)
    guard let size = Int(exactly: claimed), let byteOrder = ByteOrder(rawValue: order) else {
      throw WireError(reason: "a type of \(claimed) bytes in order \(order)")
    }
    let element: ElementType
    switch code {
    case Self.opaqueCode: element = .opaque(size)
    case Self.compoundCode: element = .compound(size)
    case let code where Int(code) < Self.simple.count: element = Self.simple[Int(code)]
    default: throw WireError(reason: "an unknown type \(code)")
    }
    if let known = element.byteCount, known != size {
      throw WireError(reason: "a \(element) of \(size) bytes")
    }
    self.init(
      element: element, byteOrder: byteOrder, size: size,
      problem: try wire.optional { wire throws(WireError) in try wire.text() },
      holdsReferences: try wire.bool())
  }
}
