/// A value of a YAML text and the line on which it starts.
///
/// Aliases are resolved, merge keys (`<<`) carried out, keys are unique texts, and values are nested
/// no deeper than ``YAMLText/deepest``; so whoever walks it needs no care.
struct YAMLNode: Sendable {
  /// What stands there.
  indirect enum Content: Sendable {
    /// A text, a number, a truth or nothing; `isPlain` without quotes.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    case mapping([Member])
  }

  /// A key with its value.
  struct Member: Sendable {
    let key: String
    /// The line of the key, from 1.
    let line: Int
    let value: YAMLNode
  }

  let content: Content
  /// The line on which it starts, from 1.
  let line: Int

  /// Whether nothing stands there (`~`, `null` or no text at all).
  var isNull: Bool {
    if case .scalar(let text, isPlain: true) = content {
      ["", "~", "null", "Null", "NULL"].contains(text)
    } else {
      false
    }
  }

  /// What it is, as a person calls it.
  var kind: String {
    switch content {
    case .scalar(let text, _): isNull ? "empty" : "'\(text)'"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}
