package import Checkpoints

/// The paths that the weights of a legacy file have in a `.weights.h5` of the same network.
///
/// A layer's own variables are numbered. Where a layer holds others, the classes of Keras's own are known;
/// others are refused, as nothing tells the names of their parts.
package struct StorePaths: Sendable {
  /// By the name of a legacy file's tensor.
  package private(set) var paths: [TensorName: TensorName] = [:]
  /// The layers' groups of variables, and the layers' names.
  package private(set) var groups: [(path: TensorName, layer: String)] = []

  private let checkpoint: Checkpoint
  private let graph: ModelGraph
  private let stored: StoreGroups

  /// Finds the paths.
  ///
  /// - Throws: ``CheckpointError`` where weights don't follow the graph, or a layer's parts aren't known.
  package init(
    _ checkpoint: Checkpoint, below group: String, _ graph: ModelGraph
  ) throws(CheckpointError) {
    self.checkpoint = checkpoint
    self.graph = graph
    stored = StoreGroups(graph)
    let legacy = LegacyGroups(checkpoint, below: group)
    for group in legacy.groups {
      let weights = group.weights.filter { checkpoint.tensors[$0.place].role != .seed }
      if weights.isEmpty { continue }
      let layers = graph.layers(inMember: group.name)
      let names = LayerNames(layers.map { graph.layers[$0].configuration.name })
      guard
        let split = layers.count == 1 ? [weights] : names.split(weights),
        !layers.isEmpty
      else {
        throw CheckpointError(
          .unusable, file: checkpoint.file.name, subject: "layer \(group.name)",
          fact: "the configuration doesn't tell whose its weights are",
          remedy: "load the model with Keras and save it with model.save(\"x.keras\")")
      }
      for (layer, weights) in zip(layers, split) where !weights.isEmpty {
        try add(weights, of: layer)
      }
    }
    for (number, weight) in legacy.topLevel.enumerated() {
      paths[checkpoint.tensors[weight.place].name] = TensorName("vars/\(number)")
    }
  }

  private mutating func add(_ weights: [StoredWeight], of layer: Int) throws(CheckpointError) {
    let configuration = graph.layers[layer].configuration
    guard let group = stored.paths[layer],
      let found = InnerPaths.paths(
        of: weights.map { Array($0.components.map(String.init)) }, configuration)
    else {
      throw CheckpointError(
        .unusable, file: checkpoint.file.name,
        subject: "layer \(configuration.name) (\(configuration.className))",
        fact: "holds parts whose names in a .keras file aren't known",
        remedy: "load the model with Keras and save it with model.save(\"x.keras\")")
    }
    for (weight, path) in zip(weights, found) {
      paths[checkpoint.tensors[weight.place].name] = TensorName("\(group)/\(path)")
    }
    let name = configuration.name.split(separator: "/").last.map(String.init) ?? ""
    groups.append((TensorName("\(group)/vars"), name))
  }
}

/// Where a layer keeps its weights, in its group of a `.weights.h5`.
private enum InnerPaths {
  private static let recurrent: Set = [
    "LSTM", "GRU", "SimpleRNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D",
  ]
  private static let attention = [
    "query": "query_dense", "key": "key_dense", "value": "value_dense",
    "attention_output": "output_dense",
  ]

  /// The paths of a layer's weights, given their legacy paths in the order of `layer.weights`; nil where
  /// they aren't known.
  static func paths(of weights: [[String]], _ layer: LayerConfiguration) -> [String]? {
    switch layer.className {
    case let name where recurrent.contains(name):
      return weights.indices.map { "cell/vars/\($0)" }
    case "Bidirectional":
      guard let inner = layer.inner, recurrent.contains(inner.className), weights.count % 2 == 0
      else { return nil }
      let half = weights.count / 2
      return weights.indices.map {
        $0 < half ? "forward_layer/cell/vars/\($0)" : "backward_layer/cell/vars/\($0 - half)"
      }
    case "TimeDistributed":
      guard let inner = layer.inner else { return nil }
      return paths(of: weights, inner)?.map { "layer/\($0)" }
    case "MultiHeadAttention":
      var counts: [String: Int] = [:]
      var result: [String] = []
      for weight in weights {
        guard let part = weight.dropLast().last.flatMap({ attention[$0] }) else { return nil }
        result.append("\(part)/vars/\(counts[part, default: 0])")
        counts[part, default: 0] += 1
      }
      return result
    default:
      // Something between the layer's name and the weight's own is a part.
      let name = layer.name.split(separator: "/").last.map(String.init)
      let isPlain = weights.allSatisfy { $0.count == 1 || $0.dropLast().last == name }
      return isPlain ? weights.indices.map { "vars/\($0)" } : nil
    }
  }
}

extension LayerConfiguration {
  /// The layer that a wrapper holds.
  fileprivate var inner: LayerConfiguration? {
    guard let wrapped = self["layer"], let className = wrapped["class_name"]?.string,
      let values = wrapped["config"]?.object, let name = values["name"]?.string
    else { return nil }
    return LayerConfiguration(name: name, className: className, values: values)
  }
}
