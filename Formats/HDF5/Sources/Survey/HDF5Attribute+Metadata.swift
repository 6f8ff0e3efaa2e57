package import Checkpoints

extension HDF5Attribute {
  /// The most numbers that are put into words; longer attributes are tables and no notes.
  private static let mostNumbers = 4096

  /// The attribute as text; nil for what is neither texts nor a few real numbers.
  package var metadata: Checkpoint.Attribute? {
    let parts: [String]?
    switch value {
    case .strings(let texts): parts = texts.map { String(decoding: $0, as: UTF8.self) }
    case .raw(let bytes): parts = numbers(bytes)
    case .unread: parts = nil
    }
    return parts.map {
      Checkpoint.Attribute(name: name.text, value: $0.joined(separator: ", "))
    }
  }

  /// Each element in the shortest decimal digits that give it back; nil for types without numbers.
  private func numbers(_ bytes: [UInt8]) -> [String]? {
    let size = type.size
    guard type.problem == nil, !bytes.isEmpty, (1...8).contains(size),
      bytes.count / size <= Self.mostNumbers
    else { return nil }
    var texts: [String] = []
    for start in stride(from: 0, through: bytes.count - size, by: size) {
      var bits: UInt64 = 0
      for place in 0..<size {
        let byte = bytes[start + (type.byteOrder == .little ? size - 1 - place : place)]
        bits = bits << 8 | UInt64(byte)
      }
      guard let text = Self.number(bits, type.element) else { return nil }
      texts.append(text)
    }
    return texts
  }

  private static func number(_ bits: UInt64, _ element: ElementType) -> String? {
    switch element {
    case .float64: "\(Double(bitPattern: bits))"
    case .float32: "\(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))"
    case .float16: "\(half(UInt16(truncatingIfNeeded: bits)))"
    case .int8: "\(Int8(truncatingIfNeeded: bits))"
    case .int16: "\(Int16(truncatingIfNeeded: bits))"
    case .int32: "\(Int32(truncatingIfNeeded: bits))"
    case .int64: "\(Int64(truncatingIfNeeded: bits))"
    case .uint8, .uint16, .uint32, .uint64: "\(bits)"
    case .bool: bits == 0 ? "false" : "true"
    default: nil
    }
  }

  /// The value of IEEE 754's binary16; Swift's `Float16` doesn't exist on every machine.
  private static func half(_ bits: UInt16) -> Float {
    let magnitude = bits & 0x7FFF
    let sign: FloatingPointSign = bits >> 15 == 0 ? .plus : .minus
    if magnitude >= 0x7C00 {
      let value: Float = magnitude == 0x7C00 ? .infinity : .nan
      return sign == .minus ? -value : value
    }
    let exponent = Int(magnitude >> 10)
    let fraction = Float(magnitude & 0x3FF)
    return exponent == 0
      ? Float(sign: sign, exponent: -24, significand: fraction)
      : Float(sign: sign, exponent: exponent - 25, significand: 1024 + fraction)
  }
}
