package import Checkpoints

/// Which tensors of two files of Keras's are the same weights of one network, whatever their layouts call
/// them.
///
/// Layers and the order of weights decide. Shapes are compared where the order leaves a choice, and again
/// by whoever merges: nothing is transposed.
package struct KerasMatching {
  /// Pairs of places in the tensors of the two files.
  private let pairs: [(other: Int, template: Int)]
  private let other: Checkpoint
  private let template: Checkpoint

  /// Matches two files.
  ///
  /// - Parameters:
  ///   - other: A file.
  ///   - template: The file whose names count.
  ///   - architecture: The network's configuration and the name of its file, where neither file has it.
  /// - Throws: ``CheckpointError`` where a file isn't Keras's, or they are of different networks.
  package init(
    _ other: Checkpoint, to template: Checkpoint, architecture: (file: String, text: String)?
  ) throws(CheckpointError) {
    self.other = other
    self.template = template
    switch (try Self.layout(of: other), try Self.layout(of: template)) {
    case (.store, .store):
      pairs = Self.paths(other, template)
    case (.legacy(let a), .legacy(let b)):
      // Weights alone have their names at best, so a configuration that isn't understood is no loss.
      pairs = try LegacyPairs(
        LegacyPairs.Side(checkpoint: other, group: a, graph: try? ModelGraph(of: other)),
        LegacyPairs.Side(checkpoint: template, group: b, graph: try? ModelGraph(of: template))
      ).pairs
    case (.legacy(let group), .store):
      let graph = try Self.graph(legacy: other, store: template, architecture)
      pairs = try LegacyStorePairs(legacy: other, below: group, store: template, graph).pairs
        .map { ($0.legacy, $0.store) }
    case (.store, .legacy(let group)):
      let graph = try Self.graph(legacy: template, store: other, architecture)
      pairs = try LegacyStorePairs(legacy: template, below: group, store: other, graph).pairs
        .map { ($0.store, $0.legacy) }
    }
  }

  /// The legacy file's own configuration where it has one: its names and what is frozen decide its order.
  private static func graph(
    legacy: Checkpoint, store: Checkpoint, _ architecture: (file: String, text: String)?
  ) throws(CheckpointError) -> ModelGraph {
    if let graph = try ModelGraph(of: legacy) { return graph }
    if let architecture {
      return try ModelGraph(kerasConfiguration: architecture.text, file: architecture.file)
    }
    if let graph = try ModelGraph(of: store) { return graph }
    throw .unusable(
      legacy.file.name,
      "has another layout than \(store.file.name), and neither holds the network's configuration",
      remedy: "give it with --architecture CONFIG.json, as model.to_json() writes it")
  }

  private static func layout(of checkpoint: Checkpoint) throws(CheckpointError) -> WeightsLayout {
    guard let layout = WeightsLayout(checkpoint) else {
      throw .unusable(
        checkpoint.file.name,
        "isn't a file of Keras's (\(checkpoint.format)), so layers can't be matched",
        remedy: "match names instead, with --rename or --map")
    }
    return layout
  }

  /// Versions of Keras differ in a few words of their paths.
  private static func paths(_ other: Checkpoint, _ template: Checkpoint) -> [(Int, Int)] {
    var places: [String: Int] = [:]
    for (place, tensor) in template.tensors.enumerated() {
      places[StoreGroups.key(tensor.name.text)] = place
    }
    return other.tensors.enumerated().compactMap { place, tensor in
      places[StoreGroups.key(tensor.name.text)].map { (place, $0) }
    }
  }

  /// The other file with the template's names.
  ///
  /// - Throws: ``CheckpointError`` where a tensor that has no match has the name of one that has.
  package func renamed() throws(CheckpointError) -> Checkpoint {
    var tensors: [Tensor?] = other.tensors
    var names = Set<TensorName>()
    for pair in pairs {
      let wanted = template.tensors[pair.template]
      tensors[pair.other] = other.tensors[pair.other].named(wanted.name, aliases: wanted.aliases)
      names.formUnion([wanted.name] + wanted.aliases)
    }
    let matched = Set(pairs.map(\.other))
    for (place, tensor) in other.tensors.enumerated() where !matched.contains(place) {
      if names.contains(tensor.name) {
        throw .unusable(
          other.file.name, tensor: tensor.name,
          "is no weight that \(template.file.name) has, but one there has this name",
          remedy: "match files of one architecture")
      }
    }
    return other.holding(tensors.compactMap(\.self))
  }
}

extension ModelGraph {
  /// The graph of a file's own configuration; nil where it has none.
  ///
  /// - Throws: ``CheckpointError`` where it isn't understood.
  package init?(of checkpoint: Checkpoint) throws(CheckpointError) {
    guard let text = checkpoint.attribute("model_config") else { return nil }
    try self.init(
      kerasConfiguration: text, file: checkpoint.file.name,
      version: checkpoint.attribute("keras_version"))
  }
}
