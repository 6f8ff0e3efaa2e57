import Checkpoints
import Yams

/// Copies what Yams read into nodes that need no care, within limits.
struct YAMLCopy {
  let file: String
  /// The nodes still allowed; aliases count each time.
  private var left = AliasBudget.largest

  init(file: String) {
    self.file = file
  }

  /// Tags of the values that recipes are made of; any other asks for a type of some program.
  private static let tags: Set<String> = Set(
    ["str", "int", "float", "bool", "null", "seq", "map", "merge"].map { "tag:yaml.org,2002:" + $0 }
      + ["", "!"])

  mutating func node(_ node: Node, level: Int) throws(CheckpointError) -> YAMLNode {
    let line = node.mark?.line ?? 1
    guard level <= YAMLText.deepest else {
      throw .unusable(
        "\(file):\(line)", "nests values deeper than \(YAMLText.deepest) times",
        remedy: "name inner recipes under 'recipes'")
    }
    left -= 1
    guard left > 0 else {
      throw .unusable(file, "stands for too many values", remedy: "write out what anchors repeat")
    }
    guard Self.tags.contains(node.tag.description) else {
      throw .unusable(
        "\(file):\(line)", "has the tag \(node.tag.description)", remedy: "leave the tag out")
    }
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain || scalar.style == .any
      return YAMLNode(content: .scalar(scalar.string, isPlain: isPlain), line: line)
    case .sequence(let sequence):
      var elements: [YAMLNode] = []
      for element in sequence { elements.append(try self.node(element, level: level + 1)) }
      return YAMLNode(content: .sequence(elements), line: line)
    case .mapping(let mapping):
      return try copy(mapping, line: line, level: level)
    case .alias:
      throw .unusable("\(file):\(line)", "has an alias of nothing")
    }
  }

  private mutating func copy(
    _ mapping: Node.Mapping, line: Int, level: Int
  ) throws(CheckpointError) -> YAMLNode {
    var members: [YAMLNode.Member] = []
    var merged: [YAMLNode.Member] = []
    for (key, value) in mapping {
      guard case .scalar(let name) = key else {
        throw .unusable(
          "\(file):\(key.mark?.line ?? line)", "has a list or a mapping as a key",
          remedy: "keys are names")
      }
      let copy = try node(value, level: level + 1)
      let keyLine = key.mark?.line ?? line
      if name.string == "<<", name.style == .plain {
        merged += try mergeMembers(copy)
      } else {
        members.append(YAMLNode.Member(key: name.string, line: keyLine, value: copy))
      }
    }
    // What stands in the mapping itself counts before what a merge key brings.
    var seen: Set<String> = []
    for member in members where !seen.insert(member.key).inserted {
      throw .unusable(
        "\(file):\(member.line)", "has '\(member.key)' twice in one mapping", remedy: "keep one")
    }
    for member in merged where seen.insert(member.key).inserted { members.append(member) }
    return YAMLNode(content: .mapping(members), line: line)
  }

  /// The members that a merge key brings: those of a mapping, or of a list of mappings in turn.
  private func mergeMembers(_ node: YAMLNode) throws(CheckpointError) -> [YAMLNode.Member] {
    var members: [YAMLNode.Member] = []
    let parts = if case .sequence(let nodes) = node.content { nodes } else { [node] }
    for part in parts {
      guard case .mapping(let more) = part.content else {
        throw .unusable(
          "\(file):\(part.line)", "has a merge key '<<' of \(part.kind)",
          remedy: "a merge key takes an alias of a mapping")
      }
      members += more
    }
    return members
  }
}
