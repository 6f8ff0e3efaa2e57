/// A Python literal as array headers hold it: nothing is ever evaluated.
indirect enum PythonLiteral: Hashable {
  case text(String)
  case number(Int)
  case truth(Bool)
  case none
  case tuple([PythonLiteral])
  case list([PythonLiteral])
  case dictionary([String: PythonLiteral])

  /// Reads a whole text; nil where it is anything but one literal of these kinds.
  init?(parsing text: [UInt8]) {
    var parser = Parser(text: text)
    guard let value = parser.value(depth: 0) else { return nil }
    parser.skipSpace()
    guard parser.position == text.count else { return nil }
    self = value
  }
}

private struct Parser {
  let text: [UInt8]
  var position = 0

  /// Deeper than any record type that is worth reading.
  private static let deepest = 32

  init(text: [UInt8]) {
    self.text = text
  }

  mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
  }

  private var peek: UInt8? { position < text.count ? text[position] : nil }

  private mutating func accept(_ character: Character) -> Bool {
    skipSpace()
    guard let byte = peek, byte == character.asciiValue else { return false }
    position += 1
    return true
  }

  mutating func value(depth: Int) -> PythonLiteral? {
    guard depth < Parser.deepest else { return nil }
    skipSpace()
    guard let byte = peek else { return nil }
    switch byte {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return string().map(PythonLiteral.text)
    case UInt8(ascii: "("): return elements(until: ")", depth: depth).map(PythonLiteral.tuple)
    case UInt8(ascii: "["): return elements(until: "]", depth: depth).map(PythonLiteral.list)
    case UInt8(ascii: "{"): return dictionary(depth: depth)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return number().map(PythonLiteral.number)
    default: return word()
    }
  }

  private mutating func string() -> String? {
    let quote = text[position]
    position += 1
    let start = position
    while let byte = peek, byte != quote {
      // Names of fields may hold escapes; no header that numbers need does.
      if byte == UInt8(ascii: "\\") { return nil }
      position += 1
    }
    guard peek == quote else { return nil }
    defer { position += 1 }
    return String(validating: text[start..<position], as: UTF8.self)
  }

  private mutating func number() -> Int? {
    var value = 0
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      if overflow || carry { return nil }
      value = sum
      position += 1
    }
    // Python 2 wrote long integers so.
    if peek == UInt8(ascii: "L") { position += 1 }
    return value
  }

  private mutating func word() -> PythonLiteral? {
    for (word, value) in [
      ("True", PythonLiteral.truth(true)), ("False", .truth(false)), ("None", .none),
    ] where text[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    return nil
  }

  private mutating func elements(until end: Character, depth: Int) -> [PythonLiteral]? {
    position += 1
    var values: [PythonLiteral] = []
    while !accept(end) {
      guard let value = value(depth: depth + 1) else { return nil }
      values.append(value)
      if accept(end) { break }
      guard accept(",") else { return nil }
    }
    return values
  }

  private mutating func dictionary(depth: Int) -> PythonLiteral? {
    position += 1
    var values: [String: PythonLiteral] = [:]
    while !accept("}") {
      guard case .text(let key) = value(depth: depth + 1), accept(":"),
        let value = value(depth: depth + 1), values.updateValue(value, forKey: key) == nil
      else { return nil }
      if accept("}") { break }
      guard accept(",") else { return nil }
    }
    return .dictionary(values)
  }
}
