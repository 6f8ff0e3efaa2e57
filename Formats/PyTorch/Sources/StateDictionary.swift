import Checkpoints

/// The tensors in what a pickle says, with the names that PyTorch gives them.
struct StateDictionary {
  /// A tensor and where it stood.
  struct Entry {
    let name: String
    let tensor: PickledTensor
    /// Whether it stood beside the model, such as in the optimizer's state.
    let isBeside: Bool
  }

  private(set) var entries: [Entry] = []
  private var visited = Set<ObjectIdentifier>()

  /// Where training programs put the model's state among other things, the likeliest first.
  private static let usualKeys = [
    "state_dict", "model_state_dict", "model_state", "model", "module", "net", "network", "params",
    "weights",
  ]
  /// Deeper than any nesting of modules; names have dots for those already.
  private static let deepest = 64

  /// Finds all tensors.
  ///
  /// A checkpoint of training holds the model under a usual key: its tensors then have their own
  /// names, and all others the path that leads to them.
  init(_ root: PickleValue) {
    guard case .node(let node) = root, node.kind == .dictionary else {
      walk(root, path: "", isBeside: false, depth: 0)
      return
    }
    let model = Self.usualKeys.lazy.compactMap { key in
      node.pairs.first { pair in
        if case .text(key) = pair.key, case .node = pair.value { true } else { false }
      }
    }.first
    guard let model,
      !node.pairs.contains(where: { pair in
        if case .tensor = pair.value { true } else { false }
      })
    else {
      walk(root, path: "", isBeside: false, depth: 0)
      return
    }
    walk(model.value, path: "", isBeside: false, depth: 1)
    walk(root, path: "", isBeside: true, depth: 0)
  }

  private mutating func walk(_ value: PickleValue, path: String, isBeside: Bool, depth: Int) {
    switch value {
    case .tensor(let tensor):
      entries.append(
        Entry(name: path.isEmpty ? "tensor" : path, tensor: tensor, isBeside: isBeside))
    case .node(let node):
      // Containers may hold themselves, and may be shared so often that paths outnumber atoms.
      guard depth < Self.deepest, visited.insert(ObjectIdentifier(node)).inserted else { return }
      for (place, element) in node.elements.enumerated() {
        walk(element, path: below(path, "\(place)"), isBeside: isBeside, depth: depth + 1)
      }
      for (key, value) in node.pairs {
        guard let name = Self.name(of: key) else { continue }
        walk(value, path: below(path, name), isBeside: isBeside, depth: depth + 1)
      }
      walk(node.state, path: path, isBeside: isBeside, depth: depth + 1)
    default: return
    }
  }

  private func below(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : "\(path).\(name)"
  }

  private static func name(of key: PickleValue) -> String? {
    switch key {
    case .text(let text): text
    case .integer(let number): "\(number)"
    default: nil
    }
  }
}
