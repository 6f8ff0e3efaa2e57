import Checkpoints

/// A value of the recipe's YAML with its place, asked for what it should be.
struct RecipeField {
  let node: YAMLNode
  let place: RecipePlace

  /// Whether nothing stands here.
  var isNull: Bool { node.isNull }

  private func wrong(_ wanted: String, remedy: String? = nil) -> CheckpointError {
    place.fault("is \(node.kind), not \(wanted)", remedy: remedy)
  }

  /// The members of a mapping in their order, whatever their keys.
  func members() throws(CheckpointError) -> [(key: String, field: RecipeField)] {
    guard case .mapping(let members) = node.content else { throw wrong("a mapping") }
    return members.map { member in
      let place = place.member(member.key, line: member.line)
      return (member.key, RecipeField(node: member.value, place: place))
    }
  }

  /// The members of a mapping by their keys; those that hold nothing are left out.
  ///
  /// - Parameter known: The keys that it may have.
  /// - Returns: The members.
  /// - Throws: ``CheckpointError`` for any other key, with the nearest of them.
  func members(known: [String]) throws(CheckpointError) -> [String: RecipeField] {
    var fields: [String: RecipeField] = [:]
    for (key, field) in try members() {
      guard known.contains(key) else {
        throw field.place.fault(
          "is no key that is known here", remedy: Suggestion.remedy(for: key, among: known))
      }
      if !field.isNull { fields[key] = field }
    }
    return fields
  }

  /// The elements of a list.
  func elements() throws(CheckpointError) -> [RecipeField] {
    guard case .sequence(let nodes) = node.content else {
      throw wrong("a list", remedy: "each entry of a list starts with '- '")
    }
    return nodes.enumerated().map { index, node in
      RecipeField(node: node, place: place.element(index, line: node.line))
    }
  }

  /// The elements of a list that holds at least one.
  func someElements() throws(CheckpointError) -> [RecipeField] {
    let elements = try elements()
    guard !elements.isEmpty else {
      throw place.fault("is an empty list", remedy: "name at least one")
    }
    return elements
  }

  /// A text that isn't empty.
  func text() throws(CheckpointError) -> String {
    guard case .scalar(let text, _) = node.content, !node.isNull, !text.isEmpty else {
      throw wrong("a text")
    }
    guard !text.utf8.contains(0) else { throw place.fault("holds a NUL character") }
    return text
  }

  /// `true` or `false`.
  func truth() throws(CheckpointError) -> Bool {
    guard case .scalar(let text, isPlain: true) = node.content,
      let truth = YAMLScalar.truth(text)
    else { throw wrong("true or false") }
    return truth
  }

  /// A whole number.
  func integer() throws(CheckpointError) -> Int {
    guard case .scalar(let text, _) = node.content, let number = YAMLScalar.integer(text) else {
      throw wrong("a whole number")
    }
    return number
  }

  /// One of a few words.
  func word(among known: [String]) throws(CheckpointError) -> String {
    let text = try text()
    guard known.contains(text) else {
      throw place.fault("is '\(text)'", remedy: Suggestion.remedy(for: text, among: known))
    }
    return text
  }
}
