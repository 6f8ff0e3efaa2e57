package import Checkpoints

/// A weight in a legacy file's group.
package struct StoredWeight: Sendable {
  /// The place in the checkpoint's tensors.
  package let place: Int
  /// The path below the layer's group.
  package let path: String
  /// The shape.
  package let shape: [Int]
  /// Whether it is a seed's state or a counter, which a layer may have no slot for.
  package let isState: Bool

  /// The path's components without the `:0` that TensorFlow adds.
  package var components: [Substring] {
    var parts = path.split(separator: "/")
    if let last = parts.last, let colon = last.lastIndex(of: ":"),
      last[last.index(after: colon)...].allSatisfy(\.isNumber)
    {
      parts[parts.count - 1] = last[..<colon]
    }
    return parts
  }

  /// The weight's own name.
  package var leaf: String { components.last.map(String.init) ?? "" }
}

/// The groups of a legacy file, in its order: one for each layer of the outermost model.
///
/// Source: `legacy_h5_format.py` of Keras 3, `hdf5_format.py` of Keras 2.
package struct LegacyGroups: Sendable {
  /// A layer's or nested model's group.
  package struct Group: Sendable {
    /// The layer's name.
    package let name: String
    /// Its weights in the order of the file.
    package fileprivate(set) var weights: [StoredWeight] = []
  }

  /// The groups.
  package private(set) var groups: [Group] = []
  /// Weights of the model itself.
  package private(set) var topLevel: [StoredWeight] = []

  /// Reads the groups of a checkpoint below a path that is empty or ends in a slash.
  package init(_ checkpoint: Checkpoint, below group: String) {
    var numbers: [String: Int] = [:]
    for (place, tensor) in checkpoint.tensors.enumerated() where tensor.role != .optimizer {
      let prefix = "\(group)\(tensor.layer ?? "top_level_model_weights")/"
      let names = ([tensor.name] + tensor.aliases).map(\.text)
      let path = names.first { $0.hasPrefix(prefix) }?.dropFirst(prefix.count)
      let weight = StoredWeight(
        place: place, path: path.map(String.init) ?? tensor.name.text, shape: tensor.shape,
        isState: tensor.role == .seed || tensor.role == .counter)
      guard let layer = tensor.layer else {
        if path != nil { topLevel.append(weight) }
        continue
      }
      if numbers[layer] == nil {
        numbers[layer] = groups.count
        groups.append(Group(name: layer))
      }
      groups[numbers[layer] ?? 0].weights.append(weight)
    }
  }

  /// The groups of some names, or, where the file lacks one of them, as many groups by their order.
  ///
  /// As Keras does: the names may be those that Keras counted up in another session. A seed's state has
  /// no slot, so a layer that has nothing else doesn't count.
  ///
  /// - Parameter names: The names of the layers that have weights.
  /// - Returns: A group for each; nil where their numbers differ.
  package func paired(with names: [String]) -> [Group]? {
    let byName = Dictionary(groups.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let named = names.compactMap { byName[$0] }
    if named.count == names.count { return named }
    let stored = groups.filter { !$0.weights.allSatisfy(\.isState) }
    return stored.count == names.count ? stored : nil
  }
}
