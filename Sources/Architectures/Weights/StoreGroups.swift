import Checkpoints

/// The groups that a graph's layers have in a `.weights.h5`, numbered by class within each container.
///
/// Source: `_save_state` and `_save_container_state` of `saving_lib.py`.
package struct StoreGroups: Sendable {
  /// For each layer of the graph the path of its group; nil for operations, which have none.
  package private(set) var paths: [String?]

  /// Numbers the layers of a graph.
  package init(_ graph: ModelGraph) {
    paths = [String?](repeating: nil, count: graph.layers.count)
    number(graph.root, of: graph, group: "")
  }

  private mutating func number(
    _ container: ModelGraph.Container, of graph: ModelGraph, group: String
  ) {
    var counts: [String: Int] = [:]
    for member in container.members {
      let name: String
      switch member {
      case .layer(let layer):
        let configuration = graph.layers[layer].configuration
        // Keras lists operations among a model's operations, not its layers.
        if configuration.isOperation { continue }
        name = snakeCase(className: configuration.className)
      case .model(let nested):
        // Older configurations call functional models `Model`.
        name = nested.className == "Model" ? "functional" : snakeCase(className: nested.className)
      }
      let count = counts[name, default: 0]
      counts[name] = count + 1
      let path = "\(group)layers/\(name)" + (count == 0 ? "" : "_\(count)")
      switch member {
      case .model(let nested): number(nested, of: graph, group: path + "/")
      case .layer(let layer): paths[layer] = path
      }
    }
  }

  /// What is the same of a path in all versions of Keras.
  ///
  /// Keras 2.12 and 2.13 say `_layer_checkpoint_dependencies` for `layers`, and Keras 2 names some
  /// attributes with an underscore that Keras 3 names without.
  package static func key(_ path: String) -> String {
    path.split(separator: "/").map { part in
      part == "_layer_checkpoint_dependencies" ? "layers" : part.drop { $0 == "_" }
    }.joined(separator: "/")
  }
}
