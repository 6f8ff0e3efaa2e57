import Checkpoints

/// The weights of each of a graph's layers in a `.weights.h5`, in the order of Keras's `layer.weights`.
///
/// Layers are taken as they are, known or not: their own variables first, by number, then those of the
/// layers in them. The order of several inner layers isn't in the file; it is known for Keras's own.
struct StoreWeights {
  /// A weight.
  struct Weight {
    /// The place in the checkpoint's tensors.
    let place: Int
    /// The path below the layer's group: `vars`, `0`.
    let path: [Substring]
    /// The shape.
    let shape: [Int]
    /// Whether gradients never change it.
    let isStatistic: Bool
  }

  /// For each layer of the graph.
  let layers: [[Weight]]
  /// Variables of the model itself.
  let topLevel: [Weight]

  /// Paths with more components are no layers'.
  static let deepest = 32

  init(_ checkpoint: Checkpoint, _ graph: ModelGraph) throws(CheckpointError) {
    var owners: [String: Int] = [:]
    for (layer, path) in StoreGroups(graph).paths.enumerated() {
      if let path { owners[path] = layer }
    }
    var found = [[Weight]](repeating: [], count: graph.layers.count)
    var topLevel: [Weight] = []
    for (place, tensor) in checkpoint.tensors.enumerated()
    where tensor.role != .optimizer && tensor.role != .seed {
      let parts = StoreGroups.key(tensor.name.text).split(separator: "/")
      guard parts.count <= Self.deepest else { continue }
      func weight(_ start: Int) -> Weight {
        Weight(
          place: place, path: Array(parts[start...]), shape: tensor.shape,
          isStatistic: tensor.role == .statistic || tensor.role == .counter)
      }
      // The layer's group is the longest that leads to the weight; inner layers have none in the graph.
      for end in stride(from: parts.count - 1, through: 1, by: -1) {
        guard let layer = owners[parts[..<end].joined(separator: "/")] else { continue }
        found[layer].append(weight(end))
        break
      }
      if parts.count == 2, parts[0] == "vars" { topLevel.append(weight(0)) }
    }
    var layers: [[Weight]] = []
    for (layer, weights) in zip(graph.layers, found) {
      layers.append(
        try Self.ordered(weights, from: 0, of: layer.configuration, in: checkpoint))
    }
    self.layers = layers
    self.topLevel = try Self.ordered(
      topLevel, from: 0, of: LayerConfiguration(name: graph.name, className: "Model", values: [:]),
      in: checkpoint)
  }

  private static func ordered(
    _ weights: [Weight], from start: Int, of layer: LayerConfiguration, in checkpoint: Checkpoint
  ) throws(CheckpointError) -> [Weight] {
    var own: [(number: Int, weight: Weight)] = []
    var inner: [String: [Weight]] = [:]
    for weight in weights {
      let rest = weight.path[start...]
      if rest.count == 2, rest.first == "vars", let number = rest.last.flatMap({ Int($0) }) {
        own.append((number, weight))
      } else if let name = rest.first {
        inner[String(name), default: []].append(weight)
      }
    }
    var result = own.sorted { $0.number < $1.number }.map(\.weight)
    guard let names = InnerLayers.ordered(Array(inner.keys)) else {
      throw CheckpointError(
        .unusable, file: checkpoint.file.name, subject: "layer \(layer.name) (\(layer.className))",
        fact: "has the parts \(listed(inner.keys.sorted())), whose order the file doesn't tell",
        remedy: "load the models with Keras and save them in one layout")
    }
    for name in names {
      result += try ordered(inner[name] ?? [], from: start + 1, of: layer, in: checkpoint)
    }
    return result
  }
}

/// The layers in a layer, in the order in which it made them.
enum InnerLayers {
  /// Where Keras's own layers have several.
  private static let known = [
    ["query_dense", "key_dense", "value_dense", "output_dense"],
    ["forward_layer", "backward_layer"],
  ]

  /// The names in their order; nil where it isn't known.
  ///
  /// Groups of a list are numbered by class, `lstm_cell`, `lstm_cell_1`, so those of one class have an order.
  static func ordered(_ names: [String]) -> [String]? {
    if names.count <= 1 { return names }
    if let order = known.first(where: { Set(names).isSubset(of: $0) }) {
      return order.filter(names.contains)
    }
    let split = names.map { name -> (base: Substring, number: Int) in
      guard let line = name.lastIndex(of: "_"), let number = Int(name[name.index(after: line)...])
      else { return (name[...], 0) }
      return (name[..<line], number)
    }
    guard Set(split.map(\.base)).count == 1 else { return nil }
    return zip(names, split).sorted { $0.1.number < $1.1.number }.map(\.0)
  }
}
