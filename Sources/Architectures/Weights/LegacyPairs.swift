import Checkpoints

/// Pairs the weights of two legacy files of the same network, whose layers may have other names.
struct LegacyPairs {
  /// Places in the tensors of the two files.
  private(set) var pairs: [(Int, Int)] = []

  /// A legacy file.
  struct Side {
    /// The file.
    let checkpoint: Checkpoint
    /// The path of the layers' groups.
    let group: String
    /// Its own network's graph, with its own names; nil where no configuration tells.
    let graph: ModelGraph?
  }

  private let other: Side
  private let template: Side

  init(_ other: Side, _ template: Side) throws(CheckpointError) {
    self.other = other
    self.template = template
    let mine = LegacyGroups(template.checkpoint, below: template.group)
    let its = LegacyGroups(other.checkpoint, below: other.group)
    let wanted = mine.groups.filter { !$0.weights.allSatisfy(\.isState) }
    guard let found = its.paired(with: wanted.map(\.name)) else {
      throw CheckpointError(
        .unusable, file: other.checkpoint.file.name,
        fact: "holds other layers with weights (\(listed(its.groups.map(\.name)))) than "
          + "\(template.checkpoint.file.name) (\(listed(wanted.map(\.name))))",
        remedy: "match files of one architecture")
    }
    for (group, stored) in zip(wanted, found) {
      guard let lists = match(stored, group) else {
        throw CheckpointError(
          .unusable, file: other.checkpoint.file.name, subject: "layer \(stored.name)",
          fact: "its weights, \(Self.text(stored.weights)), don't follow those of "
            + "\(template.checkpoint.file.name), \(Self.text(group.weights))",
          remedy: "match files of one architecture that hold their configurations")
      }
      pairs += lists
    }
    if mine.topLevel.count == its.topLevel.count {
      pairs += zip(its.topLevel, mine.topLevel).map { ($0.place, $1.place) }
    }
  }

  private static func text(_ weights: [StoredWeight]) -> String {
    listed(weights.map { "\($0.path) (\(shapeText($0.shape)))" })
  }

  /// Full names are the best witness, then the layers that each file's configuration tells, as freezing a
  /// layer moves its weights in the list of a nested model; then Keras's own rule, the order alone.
  private func match(
    _ stored: LegacyGroups.Group, _ wanted: LegacyGroups.Group
  ) -> [(Int, Int)]? {
    var (a, b) = (stored.weights, wanted.weights)
    if a.count != b.count {
      a.removeAll(where: \.isState)
      b.removeAll(where: \.isState)
    }
    guard a.count == b.count else { return nil }
    if let named = Self.byName(a, b) { return named }
    if let mine = layers(a, of: stored.name, in: other),
      let its = layers(b, of: wanted.name, in: template), mine.map(\.count) == its.map(\.count)
    {
      return zip(mine.flatMap(\.self), its.flatMap(\.self)).map { ($0.place, $1.place) }
    }
    guard a.map(\.shape) == b.map(\.shape) else { return nil }
    return zip(a, b).map { ($0.place, $1.place) }
  }

  /// The weights of each layer in a group, by the file's own configuration.
  private func layers(
    _ weights: [StoredWeight], of group: String, in side: Side
  ) -> [[StoredWeight]]? {
    guard let graph = side.graph else { return nil }
    let names = graph.layers(inMember: group).map { graph.layers[$0].configuration.name }
    return names.isEmpty ? nil : LayerNames(names).split(weights)
  }

  private static func byName(_ stored: [StoredWeight], _ wanted: [StoredWeight]) -> [(Int, Int)]? {
    var places: [[Substring]: Int] = [:]
    for weight in stored { places[weight.components] = weight.place }
    guard places.count == stored.count else { return nil }
    let result = wanted.compactMap { weight in
      places[weight.components].map { ($0, weight.place) }
    }
    return result.count == wanted.count ? result : nil
  }
}

/// The first of a list, and how many more there are.
package func listed(_ texts: [String], most: Int = 5) -> String {
  let more = texts.count > most ? " and \(texts.count - most) more" : ""
  return texts.prefix(most).joined(separator: ", ") + more
}
