import Checkpoints

/// Finds weights in a legacy file: a group a layer of the outermost model, in it the weights' names.
///
/// Source: `legacy_h5_format.py` of Keras 3, `hdf5_format.py` of Keras 2.
struct LegacyBinder: ParameterBinder {
  /// A layer's or nested model's group of the file, or what the network has for it.
  private struct Group<Element> {
    let name: String
    var elements: [Element]
  }

  private let weights: NetworkWeights
  private let checkpoint: Checkpoint
  private let groups: [Group<StoredWeight>]
  let candidates: [Int]

  /// Reads the groups; `group` is the path of the layers' groups, empty or ending in a slash.
  init(_ weights: NetworkWeights, _ checkpoint: Checkpoint, group: String) {
    self.weights = weights
    self.checkpoint = checkpoint
    var groups: [Group<StoredWeight>] = []
    var numbers: [String: Int] = [:]
    var candidates: [Int] = []
    for (place, tensor) in checkpoint.tensors.enumerated() where tensor.role != .optimizer {
      guard let layer = tensor.layer else {
        if tensor.name.text.hasPrefix("\(group)top_level_model_weights/") {
          candidates.append(place)
        }
        continue
      }
      if numbers[layer] == nil {
        numbers[layer] = groups.count
        groups.append(Group(name: layer, elements: []))
      }
      let prefix = "\(group)\(layer)/"
      let names = ([tensor.name] + tensor.aliases).map(\.text)
      let path = names.first { $0.hasPrefix(prefix) }?.dropFirst(prefix.count)
      let isState = tensor.role == .seed || tensor.role == .counter
      groups[numbers[layer] ?? 0].elements.append(
        StoredWeight(
          place: place, path: path.map(String.init) ?? tensor.name.text, shape: tensor.shape,
          isState: isState))
      if !isState { candidates.append(place) }
    }
    self.groups = groups
    self.candidates = candidates
  }

  func bind() throws(CheckpointError) -> [[Int]] {
    let wanted = weights.graph.root.members.map {
      Group(
        name: weights.name(of: $0, path: ""), elements: weights.entries(of: $0, path: ""))
    }.filter { !$0.elements.isEmpty }
    var found = weights.emptyPlaces()
    for (group, stored) in try pairs(wanted) {
      let places = try match(group, stored)
      for (entry, place) in zip(group.elements, places) { found[entry.layer][entry.index] = place }
    }
    return try weights.complete(found, checkpoint)
  }

  /// The network's groups, each with the file's.
  ///
  /// By name where all have the same names; otherwise by order, as Keras does: the names may be those
  /// that Keras counted up in another session.
  private func pairs(
    _ wanted: [Group<NetworkWeights.Entry>]
  ) throws(CheckpointError) -> [(Group<NetworkWeights.Entry>, Group<StoredWeight>)] {
    let byName = Dictionary(groups.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let named = wanted.compactMap { group in byName[group.name].map { (group, $0) } }
    if named.count == wanted.count { return named }
    // A seed's state has no slot, so a layer that has nothing else doesn't count.
    let stored = groups.filter { !$0.elements.allSatisfy(\.isState) }
    guard stored.count == wanted.count else {
      let missing = wanted.map(\.name).filter { byName[$0] == nil }
      let names = Set(wanted.map(\.name))
      let left = stored.map(\.name).filter { !names.contains($0) }
      throw .binding(
        checkpoint, nil,
        "holds weights of \(stored.count) layers but the configuration has \(wanted.count) with "
          + "weights; not in the file: \(missing.isEmpty ? "none" : listed(missing)); not in the "
          + "configuration: \(left.isEmpty ? "none" : listed(left))")
    }
    return Array(zip(wanted, stored))
  }

  /// For each weight of one group its place in the checkpoint.
  private func match(
    _ group: Group<NetworkWeights.Entry>, _ stored: Group<StoredWeight>
  ) throws(CheckpointError) -> [Int] {
    let matcher = LegacyMatcher(entries: group.elements, stored: stored.elements)
    if let places = matcher.places { return places }
    let configuration = weights.graph.layers[group.elements[0].layer].configuration
    let wanted = group.elements.map { "\($0.slot.name) (\(shapeText($0.slot.shape)))" }
    let held = stored.elements.map { "\($0.path) (\(shapeText($0.shape)))" }
    throw .binding(
      checkpoint, configuration,
      "the configuration gives group \(group.name) \(wanted.count) weights, \(listed(wanted)); the "
        + "file holds \(held.count), \(listed(held))")
  }
}
