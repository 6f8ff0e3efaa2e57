/// Reads one JSON text from front to back.
struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0

  /// serde's limit, so that what the reference implementations read is read here.
  private static let deepest = 128

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  private func fault(_ fact: String) -> StrictJSON.Fault {
    StrictJSON.Fault(fact: "\(fact) at byte \(position)", position: position)
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func accept(_ character: Character) -> Bool {
    skipSpace()
    guard let byte = peek, byte == character.asciiValue else { return false }
    position += 1
    return true
  }

  mutating func whole() throws(StrictJSON.Fault) -> StrictJSON {
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw fault("goes on behind its value") }
    return value
  }

  private mutating func value(depth: Int) throws(StrictJSON.Fault) -> StrictJSON {
    guard depth < JSONParser.deepest else { throw fault("is nested too deeply") }
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .truth(true))
    case UInt8(ascii: "f"): return try word("false", .truth(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case nil: throw fault("ends early")
    default: return try number()
    }
  }

  private mutating func word(
    _ word: String, _ value: StrictJSON
  ) throws(StrictJSON.Fault) -> StrictJSON {
    guard bytes[position...].starts(with: word.utf8) else { throw fault("isn't JSON") }
    position += word.utf8.count
    return value
  }

  private mutating func object(_ depth: Int) throws(StrictJSON.Fault) -> StrictJSON {
    position += 1
    var members: [StrictJSON.Member] = []
    var keys = Set<[UInt8]>()
    if accept("}") { return .object([]) }
    while true {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw fault("isn't JSON") }
      let key = try string()
      guard keys.insert(key).inserted else {
        throw fault("has the key \"\(String(decoding: key, as: UTF8.self))\" twice")
      }
      guard accept(":") else { throw fault("isn't JSON") }
      members.append(StrictJSON.Member(key: key, value: try value(depth: depth + 1)))
      if accept("}") { return .object(members) }
      guard accept(",") else { throw fault("isn't JSON") }
    }
  }

  private mutating func array(_ depth: Int) throws(StrictJSON.Fault) -> StrictJSON {
    position += 1
    var elements: [StrictJSON] = []
    if accept("]") { return .array([]) }
    while true {
      elements.append(try value(depth: depth + 1))
      if accept("]") { return .array(elements) }
      guard accept(",") else { throw fault("isn't JSON") }
    }
  }

  private mutating func number() throws(StrictJSON.Fault) -> StrictJSON {
    let start = position
    if peek == UInt8(ascii: "-") { position += 1 }
    let first = peek
    guard skipDigits() else { throw fault("isn't JSON") }
    let digits = position - start - (bytes[start] == UInt8(ascii: "-") ? 1 : 0)
    if first == UInt8(ascii: "0"), digits > 1 { throw fault("has a number with leading zeros") }
    var isInteger = true
    if peek == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      guard skipDigits() else { throw fault("isn't JSON") }
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if peek == UInt8(ascii: "-") || peek == UInt8(ascii: "+") { position += 1 }
      guard skipDigits() else { throw fault("isn't JSON") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int(text) { return .integer(value) }
    return .number(text)
  }

  private mutating func skipDigits() -> Bool {
    let start = position
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    return position > start
  }

  private mutating func string() throws(StrictJSON.Fault) -> [UInt8] {
    position += 1
    var text: [UInt8] = []
    let start = position
    var isASCII = true
    while let byte = peek, byte != UInt8(ascii: "\"") {
      if byte < 0x20 { throw fault("has a control character in a text") }
      if byte == UInt8(ascii: "\\") {
        position += 1
        text += Array(String(try escape()).utf8)
      } else {
        isASCII = isASCII && byte < 0x80
        text.append(byte)
        position += 1
      }
    }
    guard peek == UInt8(ascii: "\"") else { throw fault("ends early") }
    if !isASCII, String(validating: bytes[start..<position], as: UTF8.self) == nil {
      throw fault("has a text that isn't UTF-8")
    }
    position += 1
    return text
  }

  private mutating func escape() throws(StrictJSON.Fault) -> Unicode.Scalar {
    guard let byte = peek else { throw fault("ends early") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw fault("has an unknown escape in a text")
    }
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xD800...0xDBFF).contains(first), bytes[position...].starts(with: "\\u".utf8) else {
      throw fault("has half of a surrogate pair in a text")
    }
    position += 2
    let second = try codeUnit()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(
        0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
    else { throw fault("has half of a surrogate pair in a text") }
    return scalar
  }

  private mutating func codeUnit() throws(StrictJSON.Fault) -> UInt16 {
    guard bytes.count - position >= 4,
      bytes[position..<position + 4].allSatisfy({
        $0 < 0x80 && Character(Unicode.Scalar($0)).isHexDigit
      }),
      let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw fault("has a damaged escape in a text") }
    position += 4
    return unit
  }
}
