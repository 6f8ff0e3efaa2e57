import Checkpoints

/// Finds weights in a `.weights.h5`, whose groups are numbered by class within each container.
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
      let key = StoreGroups.key(tensor.name.text)
      places[key] = places[key] == nil ? .some(place) : .some(nil)
      let isState = tensor.role == .seed || tensor.role == .counter
      if tensor.layer != nil, !isState { candidates.append(place) }
    }
    self.places = places
    self.candidates = candidates
  }

  func bind() throws(CheckpointError) -> [[Int]] {
    var found = weights.emptyPlaces()
    for (layer, group) in StoreGroups(weights.graph).paths.enumerated() {
      guard let group else { continue }
      for (index, slot) in weights.slots[layer].enumerated() {
        found[layer][index] = place(of: "\(group)/\(slot.storePath)")
      }
    }
    return try weights.complete(found, checkpoint)
  }

  private func place(of path: String) -> Int? {
    checkpoint.index(of: TensorName(path)) ?? places[StoreGroups.key(path)] ?? nil
  }
}
