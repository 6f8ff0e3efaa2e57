/// A value of JSON, as Keras configurations are written in.
public enum JSONValue: Hashable, Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number; integers are exact up to 2^53.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Members by name; their order means nothing.
  case object([String: JSONValue])

  /// Parses a text.
  ///
  /// - Returns: The value, or nil where the text isn't JSON or is nested beyond the parser's limit.
  public init?(parsing text: String) {
    guard let value = JSONParser.parse(text) else { return nil }
    self = value
  }

  /// A member of an object, or nil.
  public subscript(name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  /// An element of a list, or nil beyond its end.
  public subscript(place: Int) -> JSONValue? {
    if case .array(let elements) = self, elements.indices.contains(place) {
      elements[place]
    } else {
      nil
    }
  }

  /// The truth value, or nil for anything else.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The number, or nil for anything else.
  public var double: Double? { if case .number(let value) = self { value } else { nil } }

  /// The number where it is an integer that fits, or nil.
  public var int: Int? { double.flatMap { Int(exactly: $0) } }

  /// The text, or nil for anything else.
  public var string: String? { if case .string(let value) = self { value } else { nil } }

  /// The elements of a list, or nil for anything else.
  public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

  /// The members of an object, or nil for anything else.
  public var object: [String: JSONValue]? {
    if case .object(let value) = self { value } else { nil }
  }

  /// Whether it is `null`.
  public var isNull: Bool { self == .null }
}
