/// A text from outside as it may stand in an element or in a quoted attribute.
func escaped(_ text: String) -> String {
  var result = ""
  for scalar in shown(text).unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    // These are characters of Swift but not of XML.
    case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// An element; attribute values are escaped here, the content must be markup already.
func element(
  _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: String = ""
) -> String {
  var text = "<\(name)"
  for (attribute, value) in attributes { text += " \(attribute)=\"\(escaped(value))\"" }
  // Elements of SVG may close themselves, those of HTML that aren't void must not.
  let closesItself = ["meta", "circle", "path", "line", "rect", "br"].contains(name)
  return closesItself && content.isEmpty ? text + "/>" : "\(text)>\(content)</\(name)>"
}

/// A coordinate with a tenth of a pixel, which is finer than anyone sees.
func pixel(_ value: Double) -> String {
  fixed(value, 1)
}
