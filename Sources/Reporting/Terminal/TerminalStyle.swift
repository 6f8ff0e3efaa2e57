/// What the terminal, or the file that stands for it, can show.
package struct TerminalStyle: Sendable {
  /// Whether grades are coloured.
  package var isColoured: Bool
  /// Whether figures have bars beside them.
  package var hasBars: Bool
  /// The columns of a line.
  package var width: Int

  /// A style; the caller asks the terminal, and the environment for `NO_COLOR`.
  package init(isColoured: Bool = false, hasBars: Bool = false, width: Int = 100) {
    self.isColoured = isColoured
    self.hasBars = hasBars
    self.width = max(40, width)
  }

  enum Ink: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
  }

  /// The text in the ink, where there are colours.
  func paint(_ text: String, _ ink: Ink?) -> String {
    guard isColoured, let ink, !text.isEmpty else { return text }
    return "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m"
  }

  /// The ink of a grade.
  static func ink(_ grade: Grade) -> Ink {
    switch grade {
    case .linear: .green
    case .weak: .yellow
    case .broken: .red
    }
  }
}

/// A text in lines of at most `width` columns, the later ones indented.
func wrapped(_ text: String, to width: Int, indent: String = "") -> [String] {
  var lines: [String] = []
  var line = ""
  var words: [String] = []
  for word in text.split(whereSeparator: \.isWhitespace) {
    // A percent sign stays with its number.
    if word.first == "%", let number = words.popLast() {
      words.append("\(number) \(word)")
    } else {
      words.append(String(word))
    }
  }
  for word in words {
    if line.isEmpty {
      line = lines.isEmpty ? word : indent + word
    } else if line.count + 1 + word.count <= width {
      line += " " + word
    } else {
      lines.append(line)
      line = indent + word
    }
  }
  return line.isEmpty ? lines : lines + [line]
}
