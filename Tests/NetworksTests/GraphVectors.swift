import Checkpoints
import FormatRegistry
import Foundation
import Networks
import TestSupport

/// Networks that Keras made, with what it says of them; `tools/python/vectors/graphs.py` writes them.
struct GraphVector: Decodable {
  /// A call: its name, its layer's class, and the outputs of calls that it takes.
  struct Call: Decodable {
    let name: String
    let `class`: String
    let inputs: [Output]
  }

  /// An output of a call.
  struct Output: Decodable, Hashable {
    let call: String
    let index: Int

    init(call: String, index: Int) {
      self.call = call
      self.index = index
    }

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      call = try container.decode(String.self)
      index = try container.decode(Int.self)
    }
  }

  /// A weight, with its first and last value.
  struct Weight: Decodable {
    let layer: String
    let name: String
    let store: String
    let shape: [Int]
    let trainable: Bool
    let ends: [Double]
  }

  let configuration: String
  let layers: [String]
  let calls: [Call]
  let inputs: [String]
  let outputs: [Output]
  let weights: [Weight]

  /// The committed networks, and those in the folder that `CTL_GRAPH_VECTORS` names.
  static let names: [String] = folders.flatMap { folder in
    TemporaryFolder.names(in: folder).filter { $0.hasSuffix(".json") }
      .map { "\(folder)/\($0.dropLast(5))" }
  }

  private static let folders: [String] =
    ["\(Repository.root)/Tests/NetworksTests/Vectors"]
    + (ProcessInfo.processInfo.environment["CTL_GRAPH_VECTORS"].map { [$0] } ?? [])

  /// A network by its path without a suffix.
  static func read(_ name: String) throws -> GraphVector {
    let data = try Data(contentsOf: URL(filePath: name + ".json"))
    return try JSONDecoder().decode(GraphVector.self, from: data)
  }

  /// What Keras calls each layer's weights, by the graph's layers.
  func slots(of graph: ModelGraph) -> [[ParameterSlot]] {
    graph.layers.map { layer in
      weights(of: layer).map {
        ParameterSlot($0.name, storePath: $0.store, shape: $0.shape, isTrainable: $0.trainable)
      }
    }
  }

  /// A layer's weights, in the order of `layer.weights`.
  func weights(of layer: ModelGraph.Layer) -> [Weight] {
    weights.filter { $0.layer == layer.configuration.name }
  }
}
