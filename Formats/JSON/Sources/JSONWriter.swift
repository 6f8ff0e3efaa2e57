/// Writes JSON texts whose bytes depend on the values alone.
package enum JSONWriter {
  /// A text in quotes, with the fewest escapes.
  package static func string(_ text: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [UInt8(ascii: "\"")]
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): bytes += Array("\\n".utf8)
      case UInt8(ascii: "\r"): bytes += Array("\\r".utf8)
      case UInt8(ascii: "\t"): bytes += Array("\\t".utf8)
      case 0..<0x20:
        let digits = String(byte, radix: 16)
        bytes += Array("\\u00\(byte < 16 ? "0" : "")\(digits)".utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
    return bytes
  }

  /// A text in quotes.
  package static func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }

  /// Any value, without spaces.
  package static func bytes(of value: StrictJSON) -> [UInt8] {
    switch value {
    case .object(let members):
      let parts = members.map { string($0.key) + [UInt8(ascii: ":")] + bytes(of: $0.value) }
      return Array("{".utf8) + parts.joined(separator: Array(",".utf8)) + Array("}".utf8)
    case .array(let elements):
      let parts = elements.map(bytes(of:))
      return Array("[".utf8) + parts.joined(separator: Array(",".utf8)) + Array("]".utf8)
    case .string(let text): return string(text)
    case .integer(let number): return Array(String(number).utf8)
    case .number(let text): return Array(text.utf8)
    case .truth(let truth): return Array((truth ? "true" : "false").utf8)
    case .null: return Array("null".utf8)
    }
  }
}
