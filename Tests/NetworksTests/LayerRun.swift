import Checkpoints

@testable import Networks

/// The call of a vector as a model of its own, run by our networks.
struct LayerRun {
  let plan: NetworkPlan
  /// What the layer made.
  let outputs: [Feature]

  /// Builds the model, plans it and runs it on the vector's inputs.
  init(_ vector: LayerVector, splitting: NetworkPlan.Splitting) throws {
    let graph = Self.graph(vector)
    let shapes = vector.inputs.map { Array($0.values.shape.dropFirst()) }
    plan = try NetworkPlan(graph, inputShapes: shapes, splitting: splitting)
    let batch = vector.inputs.first?.values.shape.first ?? 1
    let kernels = try NetworkKernels(plan, batch: batch)
    let fronts = vector.inputs.filter { $0.front != nil }
    // The layers stand in this order: inputs, layers in front, the layer.
    let network = try Network(kernels) { layer throws(CheckpointError) in
      layer == graph.layers.count - 1
        ? vector.weights.map(\.values.array)
        : fronts[layer - vector.inputs.count].frontWeights.map(\.array)
    }
    var features = [Feature?](repeating: nil, count: plan.shapes.count)
    for (place, input) in zip(plan.inputs, vector.inputs) {
      features[place] = Feature(input.values.array)
    }
    for (place, step) in plan.steps.enumerated() {
      let made = try kernels.run(place, step.inputs.compactMap { features[$0] }, of: network)
      for (value, feature) in zip(step.outputs, made) { features[value] = feature }
    }
    outputs = plan.outputs.compactMap { features[$0] }
  }

  /// Inputs, the layers in front of them, and the layer.
  static func graph(_ vector: LayerVector) -> ModelGraph {
    var layers: [ModelGraph.Layer] = []
    var nodes: [ModelGraph.Node] = []
    var places: [Int] = []
    for number in vector.inputs.indices {
      let name = "input_\(number)"
      layers.append(
        ModelGraph.Layer(LayerConfiguration(name: name, className: "InputLayer", values: [:])))
      nodes.append(node(name, layer: number))
      places.append(number)
    }
    for (number, input) in vector.inputs.enumerated() {
      guard let front = input.front else { continue }
      layers.append(ModelGraph.Layer(front))
      let argument = ModelGraph.Argument.value(ModelGraph.Value(node: number))
      nodes.append(node("front_\(number)", layer: layers.count - 1, [argument]))
      places[number] = nodes.count - 1
    }
    layers.append(ModelGraph.Layer(vector.layer))
    nodes.append(
      node(
        "layer", layer: layers.count - 1, vector.arguments.map { argument($0, places) },
        vector.keywords.mapValues { argument($0, places) }))
    let outputs = vector.outputs.indices.map {
      ModelGraph.Value(node: nodes.count - 1, output: $0)
    }
    return ModelGraph(
      name: "model", layers: layers, nodes: nodes, inputs: Array(vector.inputs.indices),
      outputs: outputs,
      root: ModelGraph.Container(
        name: "model", className: "Functional", members: layers.indices.map { .layer($0) }))
  }

  private static func node(
    _ name: String, layer: Int, _ arguments: [ModelGraph.Argument] = [],
    _ keywords: [String: ModelGraph.Argument] = [:]
  ) -> ModelGraph.Node {
    ModelGraph.Node(name: name, layer: layer, arguments: arguments, keywords: keywords)
  }

  private static func argument(_ value: JSONValue, _ places: [Int]) -> ModelGraph.Argument {
    if let number = value["value"]?.int { return .value(ModelGraph.Value(node: places[number])) }
    if let elements = value["list"]?.array { return .list(elements.map { argument($0, places) }) }
    return .constant(value["constant"] ?? .null)
  }
}
