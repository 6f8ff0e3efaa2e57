/// A JSON value, read by the letter of RFC 8259 and no further.
///
/// Two readers of one file may see different things where a key stands twice, a text isn't Unicode or
/// a number is beyond what they hold. What this reader gives, every reader sees.
package indirect enum StrictJSON: Hashable, Sendable {
  case object([Member])
  case array([StrictJSON])
  /// The bytes of a text in UTF-8, escapes resolved.
  case string([UInt8])
  /// A number without fraction and exponent.
  case integer(Int)
  /// Any other number, as it is written.
  case number(String)
  case truth(Bool)
  case null

  /// A key of an object and its value.
  package struct Member: Hashable, Sendable {
    /// The key's bytes in UTF-8, escapes resolved.
    package let key: [UInt8]
    /// What it stands for.
    package let value: StrictJSON

    package init(key: [UInt8], value: StrictJSON) {
      self.key = key
      self.value = value
    }
  }

  /// What is wrong with a text, and where.
  package struct Fault: Error, Hashable {
    /// The fact, worded to follow "the header ".
    package let fact: String
    /// The position of the byte at fault.
    package let position: Int
  }

  /// Reads a text that holds one value and nothing else but white space.
  ///
  /// - Parameter bytes: The text in UTF-8.
  /// - Throws: ``Fault`` where it isn't JSON, a key stands twice in an object, or values are nested
  ///   deeper than 128 times.
  package init(parsing bytes: [UInt8]) throws(Fault) {
    var parser = JSONParser(bytes)
    self = try parser.whole()
  }

  /// The members of an object; nil for another value.
  package var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// The elements of an array; nil for another value.
  package var elements: [StrictJSON]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The text of a string; nil for another value.
  package var text: String? {
    if case .string(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil }
  }

  /// The number of an integer; nil for another value.
  package var integer: Int? {
    if case .integer(let number) = self { number } else { nil }
  }

  /// The value of a key of an object; nil where there is none.
  package subscript(key: String) -> StrictJSON? {
    members?.first { $0.key == Array(key.utf8) }?.value
  }
}
