/// Tells whether a page is well-formed: tags that nest, attributes in quotes, no stray `<` or `&`.
struct MarkupChecker {
  /// What is wrong first, or nil.
  static func problem(in page: String) -> String? {
    var rest = Substring(page)
    guard rest.hasPrefix("<!DOCTYPE html>\n") else { return "no document type" }
    rest = rest.dropFirst(16)
    var open: [Substring] = []
    while let next = rest.first {
      if next != "<" {
        let text = rest.prefix { $0 != "<" }
        // Style sheets hold no markup.
        if open.last != "style", let problem = problem(inText: text) { return problem }
        rest = rest.dropFirst(text.count)
        continue
      }
      guard let end = closingBracket(in: rest) else {
        return "a tag isn't closed: \(rest.prefix(80))"
      }
      var tag = rest[rest.index(after: rest.startIndex)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.first == "/" {
        guard open.popLast() == tag.dropFirst() else {
          return "</\(tag.dropFirst())> is out of place"
        }
        continue
      }
      let isEmpty = tag.last == "/"
      if isEmpty { tag = tag.dropLast() }
      let name = tag.prefix { $0 != " " }
      if name.isEmpty { return "a tag has no name: \(rest.prefix(80))" }
      if let problem = problem(inAttributes: tag.dropFirst(name.count)) { return problem }
      if !isEmpty { open.append(name) }
    }
    return open.isEmpty ? nil : "\(open) aren't closed"
  }

  /// The `>` that ends the tag, not one in quotes.
  private static func closingBracket(in text: Substring) -> Substring.Index? {
    var isQuoted = false
    for index in text.indices {
      if text[index] == "\"" { isQuoted.toggle() }
      if text[index] == ">", !isQuoted { return index }
    }
    return nil
  }

  private static func problem(inText text: Substring) -> String? {
    if text.contains(">") { return "a stray > in \(text.prefix(80))" }
    var rest = text
    while let place = rest.firstIndex(of: "&") {
      rest = rest[rest.index(after: place)...]
      let name = rest.prefix { $0 != ";" }
      guard ["amp", "lt", "gt", "quot", "#39"].contains(name) else {
        return "a stray & before \(rest.prefix(40))"
      }
    }
    return nil
  }

  private static func problem(inAttributes text: Substring) -> String? {
    var rest = text
    var names: Set<Substring> = []
    while !rest.isEmpty {
      guard rest.first == " " else { return "no space before an attribute: \(rest.prefix(80))" }
      rest = rest.dropFirst()
      let name = rest.prefix { $0 != "=" }
      rest = rest.dropFirst(name.count)
      guard !name.isEmpty, names.insert(name).inserted, rest.hasPrefix("=\"") else {
        return "not an attribute: \(text.prefix(80))"
      }
      rest = rest.dropFirst(2)
      let value = rest.prefix { $0 != "\"" }
      if value.contains("<") { return "a stray < in \(value.prefix(80))" }
      if let problem = problem(inText: value) { return problem }
      rest = rest.dropFirst(value.count + 1)
    }
    return nil
  }
}
