import Checkpoints
import FormatRegistry
import Networks
import TestSupport
import Testing

/// Graphs against what Keras says of the same network.
@Suite struct ModelGraphTests {
  @Test func networksAreFound() {
    #expect(GraphVector.names.count >= 8)
  }

  @Test(arguments: GraphVector.names)
  func graphIsWhatKerasRuns(name: String) throws {
    let vector = try GraphVector.read(name)
    let graph = try ModelGraph(kerasConfiguration: vector.configuration, file: name)
    try check(graph, against: vector)
  }

  @Test(arguments: GraphVector.names)
  func legacyFileHoldsTheSameGraph(name: String) throws {
    let vector = try GraphVector.read(name)
    let checkpoint = try CheckpointFormats.open(name + ".h5")
    let configuration = try #require(checkpoint.attribute("model_config"))
    let graph = try ModelGraph(kerasConfiguration: configuration, file: name)
    try check(graph, against: vector)
  }

  private func check(_ graph: ModelGraph, against vector: GraphVector) throws {
    #expect(memberNames(graph) == vector.layers)
    #expect(graph.inputs.map { graph.nodes[$0].name } == vector.inputs)
    #expect(graph.outputs.map { output($0, graph) } == vector.outputs)
    var wanted: [String: GraphVector.Call] = [:]
    for call in vector.calls { wanted[call.name] = call }
    #expect(Set(graph.nodes.map(\.name)) == Set(wanted.keys))
    for (place, node) in graph.nodes.enumerated() {
      let call = try #require(wanted[node.name], "\(node.name)")
      let configuration = graph.layers[node.layer].configuration
      #expect(configuration.className == call.class, "\(node.name)")
      #expect(node.inputs.allSatisfy { $0.node < place }, "\(node.name)")
      #expect(node.inputs.map { output($0, graph) } == call.inputs, "\(node.name)")
    }
    // A network without shared layers runs in Keras's own order.
    let isPlain = vector.calls.allSatisfy { !$0.name.contains(":") && !$0.name.contains("/") }
    if isPlain { #expect(graph.nodes.map(\.name) == vector.calls.map(\.name)) }
  }

  private func output(_ value: ModelGraph.Value, _ graph: ModelGraph) -> GraphVector.Output {
    GraphVector.Output(call: graph.nodes[value.node].name, index: value.output)
  }

  private func memberNames(_ graph: ModelGraph) -> [String] {
    graph.root.members.compactMap { member in
      switch member {
      case .layer(let place):
        // Keras lists operations apart.
        graph.layers[place].configuration.isOperation
          ? nil : graph.layers[place].configuration.name
      case .model(let container): container.name
      }
    }
  }
}
