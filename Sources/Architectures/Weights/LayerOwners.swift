package import Checkpoints

/// Which layer of a network owns each tensor of one of Keras's files: the innermost that the
/// configuration names, where the file itself may tell the outermost only.
package struct LayerOwners: Sendable {
  /// For each of the checkpoint's tensors the place in the graph's `layers`; nil for what is no layer's.
  package private(set) var layers: [Int?]

  /// Finds the owners; nil for files that aren't Keras's.
  package init?(_ checkpoint: Checkpoint, _ graph: ModelGraph) {
    layers = [Int?](repeating: nil, count: checkpoint.tensors.count)
    switch WeightsLayout(checkpoint) {
    case .store?: findByPath(checkpoint, graph)
    case .legacy(let group)?:
      for group in LegacyGroups(checkpoint, below: group).groups { find(group, graph) }
    case nil: return nil
    }
  }

  private mutating func findByPath(_ checkpoint: Checkpoint, _ graph: ModelGraph) {
    var owners: [String: Int] = [:]
    for (layer, path) in StoreGroups(graph).paths.enumerated() {
      if let path { owners[path] = layer }
    }
    for (place, tensor) in checkpoint.tensors.enumerated() where tensor.role != .optimizer {
      let parts = StoreGroups.key(tensor.name.text).split(separator: "/")
      // Groups of layers in layers have no place in the graph: the longest that has one counts.
      for end in stride(from: min(parts.count, StoreWeights.deepest) - 1, through: 1, by: -1) {
        guard let layer = owners[parts[..<end].joined(separator: "/")] else { continue }
        layers[place] = layer
        break
      }
    }
  }

  private mutating func find(_ group: LegacyGroups.Group, _ graph: ModelGraph) {
    let members = graph.layers(inMember: group.name)
    let names = LayerNames(members.map { graph.layers[$0].configuration.name })
    guard let split = members.count == 1 ? [group.weights] : names.split(group.weights) else {
      return
    }
    for (layer, weights) in zip(members, split) {
      for weight in weights { layers[weight.place] = layer }
    }
  }
}
