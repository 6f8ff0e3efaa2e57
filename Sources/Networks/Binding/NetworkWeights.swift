import Checkpoints

/// A graph's weights, seen as its containers hold them.
struct NetworkWeights {
  /// A weight.
  struct Entry {
    /// The place of its layer in the graph.
    let layer: Int
    /// The place among the layer's slots.
    let index: Int
    /// What it is.
    let slot: ParameterSlot
    /// The layer's name in the model that holds it.
    let layerName: String
    /// Whether Keras lists it among the trainable ones.
    let isTrainable: Bool
  }

  let graph: ModelGraph
  let slots: [[ParameterSlot]]

  init(_ graph: ModelGraph, _ slots: [[ParameterSlot]]) {
    self.graph = graph
    self.slots = slots
  }

  /// The name of a member of the container at a path, which is empty or ends in a slash.
  func name(of member: ModelGraph.Member, path: String) -> String {
    switch member {
    case .layer(let layer):
      String(graph.layers[layer].configuration.name.dropFirst(path.count))
    case .model(let container):
      container.name
    }
  }

  /// The weights of a layer, or of all layers in a nested model, in the order of `layer.weights`.
  func entries(of member: ModelGraph.Member, path: String) -> [Entry] {
    switch member {
    case .layer(let layer):
      slots[layer].enumerated().map { index, slot in
        Entry(
          layer: layer, index: index, slot: slot, layerName: name(of: member, path: path),
          isTrainable: graph.layers[layer].isTrainable && slot.isTrainable)
      }
    case .model(let container):
      container.members.flatMap { entries(of: $0, path: "\(path)\(container.name)/") }
    }
  }

  /// A table as wide as the slots, to be filled.
  func emptyPlaces() -> [[Int?]] {
    slots.map { [Int?](repeating: nil, count: $0.count) }
  }

  /// A filled table.
  ///
  /// - Throws: ``CheckpointError`` that names the first layer with a gap.
  func complete(
    _ places: [[Int?]], _ checkpoint: Checkpoint
  ) throws(CheckpointError) -> [[Int]] {
    for (layer, found) in places.enumerated() where found.contains(nil) {
      let missing = zip(slots[layer], found).filter { $0.1 == nil }
        .map { "\($0.0.name) (\(shapeText($0.0.shape)))" }
      throw .binding(
        checkpoint, graph.layers[layer].configuration,
        "the file doesn't hold its \(listed(missing))")
    }
    return places.map { $0.compactMap(\.self) }
  }
}
