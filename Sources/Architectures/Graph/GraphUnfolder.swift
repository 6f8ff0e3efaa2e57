import Checkpoints

/// Turns a model's description into a graph: nested models are unfolded where they are called.
struct GraphUnfolder {
  /// A member, registered: its weights exist once, however often it is called.
  private indirect enum Target {
    case layer(Int)
    case model(Part)
  }

  /// A model with what is the same at each of its calls.
  private struct Part {
    let model: KerasModel
    let path: String
    let targets: [Target]
    let table: CallTable?
  }

  /// What a call returned.
  private enum Outcome {
    case node(Int)
    case values([ModelGraph.Value])
  }

  /// Calls in a graph: fifty times those of the largest usual networks.
  ///
  /// Nested models multiply calls, so a small text may ask for any number.
  private static let maximumNodes = 100_000
  /// The same for arguments.
  private static let maximumArguments = 2_000_000

  private let file: String?
  private var layers: [ModelGraph.Layer] = []
  private var nodes: [ModelGraph.Node] = []
  private var names = Set<String>()
  /// How often each layer was called.
  private var callCounts: [Int] = []
  private var argumentCount = 0

  private init(file: String?) {
    self.file = file
  }

  /// The graph of a model.
  ///
  /// - Throws: ``CheckpointError`` where its parts don't fit together.
  static func graph(of model: KerasModel, file: String?) throws(CheckpointError) -> ModelGraph {
    var unfolder = GraphUnfolder(file: file)
    let part = try unfolder.register(model, path: "", isTrainable: true)
    let (inputs, outputs) = try unfolder.unfold(root: part)
    return ModelGraph(
      name: model.name, layers: unfolder.layers, nodes: unfolder.nodes, inputs: inputs,
      outputs: outputs, root: container(of: part))
  }

  private func error(
    _ subject: String, _ fact: String, _ remedy: GraphRemedy = .damaged
  ) -> CheckpointError {
    .graph(file, subject, fact, remedy)
  }

  // MARK: Layers

  private mutating func register(
    _ model: KerasModel, path: String, isTrainable: Bool
  ) throws(CheckpointError) -> Part {
    let isTrainable = isTrainable && model.isTrainable
    var targets: [Target] = []
    for member in model.members {
      switch member.content {
      case .model(let nested):
        let part = try register(nested, path: "\(path)\(member.name)/", isTrainable: isTrainable)
        targets.append(.model(part))
      case .layer(let configuration):
        let name = path + member.name
        guard names.insert(name).inserted else {
          throw error("layer \(name)", "there are two of this name", .damaged)
        }
        targets.append(.layer(layers.count))
        callCounts.append(0)
        let own = configuration.values["trainable"]?.bool ?? true
        layers.append(
          ModelGraph.Layer(configuration.renamed(name), isTrainable: isTrainable && own))
      }
    }
    var table: CallTable?
    if case .functional(_, _, let outputs) = model.wiring {
      table = try CallTable(model, outputs: outputs, path: path, file: file)
    }
    return Part(model: model, path: path, targets: targets, table: table)
  }

  /// As Keras's `model.layers`: a Sequential leaves out its `InputLayer`.
  private static func container(of part: Part) -> ModelGraph.Container {
    var members: [ModelGraph.Member] = []
    for (member, target) in zip(part.model.members, part.targets) {
      if part.model.isSequential, member.isInput { continue }
      switch target {
      case .layer(let place): members.append(.layer(place))
      case .model(let nested): members.append(.model(container(of: nested)))
      }
    }
    return ModelGraph.Container(
      name: part.model.name, className: part.model.className, members: members)
  }

  // MARK: Calls

  private mutating func unfold(
    root: Part
  ) throws(CheckpointError) -> (inputs: [Int], outputs: [ModelGraph.Value]) {
    guard case .functional(let references, _, let outputs) = root.model.wiring,
      let table = root.table
    else {
      guard let first = root.model.members.first, first.isInput,
        case .layer(let layer) = root.targets[0]
      else {
        throw error("model \(root.model.name)", "its input shape isn't known", .unbuilt)
      }
      let input = try addNode(layer: layer, arguments: [], keywords: [:])
      let values = try stack(root, on: .value(ModelGraph.Value(node: input)))
      return ([input], values)
    }
    let outcomes = try run(root, table, inputs: [:])
    var inputs: [Int] = []
    for reference in references {
      let place = try table.place(of: reference)
      guard case .node(let node) = outcomes[place], table.calls[place].call == nil,
        !inputs.contains(node)
      else {
        throw error("layer \(reference.layer)", "is no InputLayer, or twice among the inputs")
      }
      inputs.append(node)
    }
    let entries = table.calls.count { $0.call == nil }
    guard entries == inputs.count, !inputs.isEmpty else {
      throw error(
        "model \(root.model.name)", "has \(entries) InputLayers and \(inputs.count) inputs")
    }
    return (inputs, try self.outputs(outputs, of: root, table, outcomes))
  }

  /// Runs a stack of layers, one behind the other.
  private mutating func stack(
    _ part: Part, on input: ModelGraph.Argument
  ) throws(CheckpointError) -> [ModelGraph.Value] {
    var current = input
    for (member, target) in zip(part.model.members, part.targets) where !member.isInput {
      switch target {
      case .layer(let layer):
        let node = try addNode(layer: layer, arguments: [current], keywords: [:])
        current = .value(ModelGraph.Value(node: node))
      case .model(let nested):
        let values = try call(nested, with: current)
        current = values.count == 1 ? .value(values[0]) : .list(values.map { .value($0) })
      }
    }
    return current.values
  }

  /// Calls a nested model with its inputs as one argument.
  private mutating func call(
    _ part: Part, with input: ModelGraph.Argument
  ) throws(CheckpointError) -> [ModelGraph.Value] {
    guard case .functional(let references, _, let outputs) = part.model.wiring,
      let table = part.table
    else {
      return try stack(part, on: input)
    }
    let values = input.values
    guard values.count == references.count else {
      throw error(
        "model \(part.path.dropLast())",
        "takes \(references.count) inputs and is given \(values.count)")
    }
    var given: [Int: ModelGraph.Value] = [:]
    for (reference, value) in zip(references, values) {
      given[try table.place(of: reference)] = value
    }
    let outcomes = try run(part, table, inputs: given)
    return try self.outputs(outputs, of: part, table, outcomes)
  }

  /// Runs a functional model's calls; `inputs` stand for the outputs of calls of `InputLayer`, of which
  /// the others become nodes.
  private mutating func run(
    _ part: Part, _ table: CallTable, inputs: [Int: ModelGraph.Value]
  ) throws(CheckpointError) -> [Outcome?] {
    var outcomes = [Outcome?](repeating: nil, count: table.calls.count)
    for place in table.order {
      let entry = table.calls[place]
      if let value = inputs[place] {
        outcomes[place] = .values([value])
        continue
      }
      let call = entry.call ?? KerasCall(arguments: [], keywords: [:])
      switch part.targets[entry.member] {
      case .layer(let layer):
        if entry.call == nil, !part.path.isEmpty {
          throw error("layer \(layers[layer].configuration.name)", "is given no value")
        }
        var arguments: [ModelGraph.Argument] = []
        for argument in call.arguments {
          arguments.append(try convert(argument, part, table, outcomes))
        }
        var keywords: [String: ModelGraph.Argument] = [:]
        for (name, argument) in call.keywords {
          keywords[name] = try convert(argument, part, table, outcomes)
        }
        outcomes[place] = .node(
          try addNode(layer: layer, arguments: arguments, keywords: keywords))
      case .model(let nested):
        let input = try GraphUnfolder.input(of: nested.model, from: call, path: nested.path, file)
        outcomes[place] = .values(
          try self.call(nested, with: try convert(input, part, table, outcomes)))
      }
    }
    return outcomes
  }

  /// The one argument of a nested model's call, its members in the order of the model's inputs.
  private static func input(
    of model: KerasModel, from call: KerasCall, path: String, _ file: String?
  ) throws(CheckpointError) -> KerasCall.Argument {
    let others = call.arguments.dropFirst().flatMap(\.references)
    let named = call.keywords.values.flatMap(\.references)
    guard let first = call.arguments.first, others.isEmpty, named.isEmpty else {
      throw .graph(
        file, "model \(path.dropLast())", "is called with other values than its inputs", .rewrite)
    }
    guard case .object(let members) = first,
      case .functional(let references, let names, _) = model.wiring
    else { return first }
    let keys = names ?? references.map(\.layer)
    let ordered = keys.compactMap { members[$0] }
    guard ordered.count == keys.count else { return first }
    return .list(ordered)
  }

  private mutating func convert(
    _ argument: KerasCall.Argument, _ part: Part, _ table: CallTable, _ outcomes: [Outcome?]
  ) throws(CheckpointError) -> ModelGraph.Argument {
    argumentCount += 1
    guard argumentCount <= GraphUnfolder.maximumArguments else {
      throw error("model \(part.model.name)", "its calls have too many arguments", .tooLarge)
    }
    switch argument {
    case .constant(let value):
      return .constant(value)
    case .reference(let reference):
      return .value(
        try value(of: reference, at: try table.place(of: reference), part, outcomes))
    case .list(let elements):
      var converted: [ModelGraph.Argument] = []
      for element in elements { converted.append(try convert(element, part, table, outcomes)) }
      return .list(converted)
    case .object(let members):
      // Keras flattens an object in the order of its members' names.
      let sorted = members.sorted { $0.key < $1.key }.map(\.value)
      return try convert(.list(sorted), part, table, outcomes)
    }
  }

  private func value(
    of reference: KerasReference, at place: Int, _ part: Part, _ outcomes: [Outcome?]
  ) throws(CheckpointError) -> ModelGraph.Value {
    switch outcomes[place] {
    case .node(let node):
      return ModelGraph.Value(node: node, output: reference.output)
    case .values(let values) where values.indices.contains(reference.output):
      return values[reference.output]
    default:
      throw error(
        "layer \(part.path)\(reference.layer)", "has no output \(reference.output)", .damaged)
    }
  }

  private func outputs(
    _ references: [KerasReference], of part: Part, _ table: CallTable, _ outcomes: [Outcome?]
  ) throws(CheckpointError) -> [ModelGraph.Value] {
    guard !references.isEmpty else {
      throw error("model \(part.model.name)", "has no outputs")
    }
    var values: [ModelGraph.Value] = []
    for reference in references {
      let place = try table.place(ofOutput: reference)
      values.append(try value(of: reference, at: place, part, outcomes))
    }
    return values
  }

  private mutating func addNode(
    layer: Int, arguments: [ModelGraph.Argument], keywords: [String: ModelGraph.Argument]
  ) throws(CheckpointError) -> Int {
    guard nodes.count < GraphUnfolder.maximumNodes else {
      throw error(
        "layer \(layers[layer].configuration.name)",
        "its models call one another more than \(grouped(GraphUnfolder.maximumNodes)) times",
        .tooLarge)
    }
    let call = callCounts[layer]
    callCounts[layer] += 1
    let plain = layers[layer].configuration.name
    let name = call == 0 ? plain : "\(plain):\(call)"
    guard call == 0 || names.insert(name).inserted else {
      throw error("layer \(name)", "is named like a later call of another layer")
    }
    nodes.append(
      ModelGraph.Node(name: name, layer: layer, arguments: arguments, keywords: keywords))
    return nodes.count - 1
  }
}

extension LayerConfiguration {
  /// The same under another name.
  fileprivate func renamed(_ name: String) -> LayerConfiguration {
    LayerConfiguration(
      name: name, className: className, values: values, module: module, isOperation: isOperation)
  }
}
