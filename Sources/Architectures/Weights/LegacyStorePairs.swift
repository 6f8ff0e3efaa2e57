import Checkpoints

/// Pairs the weights of a legacy file with those of a `.weights.h5` of the same network.
///
/// A legacy file lists the weights of an outermost layer, trainable ones first, nested models included; a
/// `.weights.h5` numbers those of each layer.
struct LegacyStorePairs {
  /// A weight of the `.weights.h5` and whose it is.
  private struct Entry {
    let weight: StoreWeights.Weight
    let layer: Int
    let isTrainable: Bool
  }

  /// Places in the tensors of the two files.
  private(set) var pairs: [(legacy: Int, store: Int)] = []

  private let graph: ModelGraph
  private let legacy: Checkpoint
  private let stored: StoreWeights

  init(
    legacy: Checkpoint, below group: String, store: Checkpoint, _ graph: ModelGraph
  ) throws(CheckpointError) {
    self.graph = graph
    self.legacy = legacy
    stored = try StoreWeights(store, graph)
    let groups = LegacyGroups(legacy, below: group)
    var members: [(name: String, entries: [Entry])] = []
    for member in graph.root.members {
      let entries = entries(of: member)
      if entries.isEmpty { continue }
      switch member {
      case .layer(let layer): members.append((graph.layers[layer].configuration.name, entries))
      case .model(let model): members.append((model.name, entries))
      }
    }
    guard let found = groups.paired(with: members.map(\.name)) else {
      throw CheckpointError(
        .unusable, file: legacy.file.name,
        fact: "holds other layers with weights (\(listed(groups.groups.map(\.name)))) than "
          + "\(store.file.name) (\(listed(members.map(\.name))))",
        remedy: "match files of one architecture, or give its configuration with --architecture")
    }
    for (member, group) in zip(members, found) {
      try pair(member.entries, group)
    }
    if groups.topLevel.count == stored.topLevel.count {
      pairs += zip(groups.topLevel, stored.topLevel).map { ($0.place, $1.place) }
    }
  }

  private func entries(of member: ModelGraph.Member) -> [Entry] {
    switch member {
    case .layer(let layer):
      stored.layers[layer].map {
        Entry(
          weight: $0, layer: layer, isTrainable: graph.layers[layer].isTrainable && !$0.isStatistic)
      }
    case .model(let model): model.members.flatMap(entries)
    }
  }

  private mutating func pair(
    _ entries: [Entry], _ group: LegacyGroups.Group
  ) throws(CheckpointError) {
    let needed = group.weights.filter { !$0.isState }
    let weights =
      group.weights.count != entries.count && needed.count == entries.count
      ? needed : group.weights
    let candidates = [byLayer(entries, weights), [(Self.trainableFirst(entries), weights)]]
    for lists in candidates.compactMap(\.self) {
      let fits = lists.allSatisfy { entries, weights in
        entries.map(\.weight.shape) == weights.map(\.shape)
      }
      guard fits else { continue }
      for (entries, weights) in lists {
        pairs += zip(weights, entries).map { ($0.place, $1.weight.place) }
      }
      return
    }
    let wanted = entries.map {
      "\($0.weight.path.joined(separator: "/")) (\(shapeText($0.weight.shape)))"
    }
    let held = weights.map { "\($0.path) (\(shapeText($0.shape)))" }
    throw CheckpointError(
      .unusable, file: legacy.file.name, subject: "layer \(group.name)",
      fact: "its weights, \(listed(held)), don't follow those of the other file, \(listed(wanted))",
      remedy: "match files of one architecture")
  }

  private static func trainableFirst(_ entries: [Entry]) -> [Entry] {
    entries.filter(\.isTrainable) + entries.filter { !$0.isTrainable }
  }

  /// The two lists of each layer, told apart by the names in the legacy file's paths; nil where those don't
  /// tell.
  ///
  /// Freezing a layer moves its weights in the list of a nested model, but never past each other.
  private func byLayer(
    _ entries: [Entry], _ weights: [StoredWeight]
  ) -> [([Entry], [StoredWeight])]? {
    var ofLayer: [Int: [Entry]] = [:]
    var order: [Int] = []
    for entry in entries {
      if ofLayer[entry.layer] == nil { order.append(entry.layer) }
      ofLayer[entry.layer, default: []].append(entry)
    }
    if order.count == 1 { return [(Self.trainableFirst(entries), weights)] }
    let names = LayerNames(order.map { graph.layers[$0].configuration.name })
    guard let found = names.split(weights) else { return nil }
    let lists = zip(order, found).map { (Self.trainableFirst(ofLayer[$0] ?? []), $1) }
    return lists.allSatisfy { $0.0.count == $0.1.count } ? lists : nil
  }
}
