import Checkpoints

/// Finds weights in a legacy file: a group a layer of the outermost model, in it the weights' names.
///
/// Source: `legacy_h5_format.py` of Keras 3, `hdf5_format.py` of Keras 2.
struct LegacyBinder: ParameterBinder {
  /// A layer or nested model of the network with its weights.
  private struct Group {
    let name: String
    let entries: [NetworkWeights.Entry]
  }

  private let weights: NetworkWeights
  private let checkpoint: Checkpoint
  private let stored: LegacyGroups
  let candidates: [Int]

  /// Reads the groups; `group` is the path of the layers' groups, empty or ending in a slash.
  init(_ weights: NetworkWeights, _ checkpoint: Checkpoint, group: String) {
    self.weights = weights
    self.checkpoint = checkpoint
    stored = LegacyGroups(checkpoint, below: group)
    candidates =
      stored.groups.flatMap(\.weights).filter { !$0.isState }.map(\.place)
      + stored.topLevel.map(\.place)
  }

  func bind() throws(CheckpointError) -> [[Int]] {
    let wanted = weights.graph.root.members.map {
      Group(name: weights.name(of: $0, path: ""), entries: weights.entries(of: $0, path: ""))
    }.filter { !$0.entries.isEmpty }
    guard let groups = stored.paired(with: wanted.map(\.name)) else {
      throw mismatch(wanted.map(\.name))
    }
    var found = weights.emptyPlaces()
    for (group, stored) in zip(wanted, groups) {
      let places = try match(group, stored)
      for (entry, place) in zip(group.entries, places) { found[entry.layer][entry.index] = place }
    }
    return try weights.complete(found, checkpoint)
  }

  private func mismatch(_ wanted: [String]) -> CheckpointError {
    let groups = stored.groups.filter { !$0.weights.allSatisfy(\.isState) }
    let known = Set(stored.groups.map(\.name))
    let missing = wanted.filter { !known.contains($0) }
    let left = groups.map(\.name).filter { !wanted.contains($0) }
    return .binding(
      checkpoint, nil,
      "holds weights of \(groups.count) layers but the configuration has \(wanted.count) with "
        + "weights; not in the file: \(missing.isEmpty ? "none" : listed(missing)); not in the "
        + "configuration: \(left.isEmpty ? "none" : listed(left))")
  }

  /// For each weight of one group its place in the checkpoint.
  private func match(
    _ group: Group, _ stored: LegacyGroups.Group
  ) throws(CheckpointError) -> [Int] {
    let matcher = LegacyMatcher(entries: group.entries, stored: stored.weights)
    if let places = matcher.places { return places }
    let configuration = weights.graph.layers[group.entries[0].layer].configuration
    let wanted = group.entries.map { "\($0.slot.name) (\(shapeText($0.slot.shape)))" }
    let held = stored.weights.map { "\($0.path) (\(shapeText($0.shape)))" }
    throw .binding(
      checkpoint, configuration,
      "the configuration gives group \(group.name) \(wanted.count) weights, \(listed(wanted)); the "
        + "file holds \(held.count), \(listed(held))")
  }
}
