import Checkpoints

/// Finds weights in a `.weights.h5`, whose groups are numbered by class within each container.
///
/// Source: `_save_state` and `_save_container_state` of `saving_lib.py`.
struct StoreBinder: ParameterBinder {
  private let weights: NetworkWeights
  private let checkpoint: Checkpoint
  /// Tensors by what is the same in all versions of their path; nil where two are alike.
  private let places: [String: Int?]
  let candidates: [Int]

  init(_ weights: NetworkWeights, _ checkpoint: Checkpoint) {
    self.weights = weights
    self.checkpoint = checkpoint
    var places: [String: Int?] = [:]
    var candidates: [Int] = []
    for (place, tensor) in checkpoint.tensors.enumerated() where tensor.role != .optimizer {
      let key = StoreBinder.key(tensor.name.text)
      places[key] = places[key] == nil ? .some(place) : .some(nil)
      let isState = tensor.role == .seed || tensor.role == .counter
      if tensor.layer != nil, !isState { candidates.append(place) }
    }
    self.places = places
    self.candidates = candidates
  }

  /// Keras 2.12 and 2.13 say `_layer_checkpoint_dependencies` for `layers`, and Keras 2 names some
  /// attributes with an underscore that Keras 3 names without.
  private static func key(_ path: String) -> String {
    path.split(separator: "/").map { part in
      part == "_layer_checkpoint_dependencies" ? "layers" : part.drop { $0 == "_" }
    }.joined(separator: "/")
  }

  func bind() throws(CheckpointError) -> [[Int]] {
    var found = weights.emptyPlaces()
    bind(weights.graph.root, group: "", path: "", &found)
    return try weights.complete(found, checkpoint)
  }

  private func bind(
    _ container: ModelGraph.Container, group: String, path: String, _ found: inout [[Int?]]
  ) {
    var counts: [String: Int] = [:]
    for member in container.members {
      let name: String
      switch member {
      case .layer(let layer):
        let configuration = weights.graph.layers[layer].configuration
        // Keras lists operations among a model's operations, not its layers.
        if configuration.isOperation { continue }
        name = snakeCase(className: configuration.className)
      case .model(let nested):
        // Older configurations call functional models `Model`.
        name = nested.className == "Model" ? "functional" : snakeCase(className: nested.className)
      }
      let count = counts[name, default: 0]
      counts[name] = count + 1
      let place = "\(group)layers/\(name)" + (count == 0 ? "" : "_\(count)")
      switch member {
      case .model(let nested):
        bind(nested, group: place + "/", path: "\(path)\(nested.name)/", &found)
      case .layer(let layer):
        for (index, slot) in weights.slots[layer].enumerated() {
          found[layer][index] = self.place(of: "\(place)/\(slot.storePath)")
        }
      }
    }
  }

  private func place(of path: String) -> Int? {
    checkpoint.index(of: TensorName(path)) ?? places[StoreBinder.key(path)] ?? nil
  }
}
