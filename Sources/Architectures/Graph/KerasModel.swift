import Checkpoints

/// A model as its configuration tells it: its members, their calls, what goes in and out.
struct KerasModel {
  /// A layer or a model in the model.
  struct Member {
    /// Its name in the model around it.
    let name: String
    /// What it is.
    let content: Content
    /// Its calls, in Keras's order.
    let calls: [KerasCall]
    /// Whether its calls are in Keras 3's form.
    let isKeras3: Bool
  }

  /// What a member is.
  indirect enum Content {
    /// A layer; its configuration has the short name.
    case layer(LayerConfiguration)
    /// A nested model.
    case model(KerasModel)
  }

  /// How its members are connected.
  enum Wiring {
    /// One behind the other.
    case sequential
    /// By references: what goes in, with the names where it is an object, and what comes out.
    case functional(inputs: [KerasReference], names: [String]?, outputs: [KerasReference])
  }

  let name: String
  let className: String
  let isTrainable: Bool
  let members: [Member]
  let wiring: Wiring

  /// Whether it is a stack of layers.
  var isSequential: Bool { if case .sequential = wiring { true } else { false } }
}

extension KerasModel {
  /// Whether a layer's description is that of a model.
  ///
  /// A subclass of a model has a class of its own, so its parts decide.
  static func describes(_ description: JSONValue) -> Bool {
    guard let config = description["config"] else { return false }
    if description["class_name"]?.string == "Sequential" { return true }
    return config["layers"]?.array != nil && config["output_layers"] != nil
  }

  /// Reads a description `{"class_name": …, "config": …}` and, within it, those of nested models.
  ///
  /// - Throws: ``CheckpointError`` where parts are missing or have the wrong form.
  init(_ description: JSONValue, path: String, file: String?) throws(CheckpointError) {
    let className = description["class_name"]?.string ?? "Functional"
    let config = description["config"] ?? .null
    // Until 2018 the configuration of a Sequential was the list of its layers.
    guard let layers = config["layers"]?.array ?? config.array else {
      throw .graph(file, "model \(className)", "its configuration has no list of layers", .damaged)
    }
    let name = description["name"]?.string ?? config["name"]?.string ?? className.lowercased()
    var members: [Member] = []
    var names = Set<String>()
    for (index, layer) in layers.enumerated() {
      let member = try Member(layer, index: index, path: path, file: file)
      guard names.insert(member.name).inserted else {
        throw .graph(file, "layer \(path)\(member.name)", "there are two of this name", .damaged)
      }
      members.append(member)
    }
    self.name = name
    self.className = className
    self.isTrainable = config["trainable"]?.bool ?? true
    if config["output_layers"] == nil {
      self.wiring = .sequential
      self.members = try KerasModel.withInput(members, description, name: name, path, file)
    } else {
      guard let inputs = config["input_layers"].flatMap(KerasReference.structure),
        let outputs = config["output_layers"].flatMap(KerasReference.structure)
      else {
        throw .graph(
          file, "model \(path)\(name)", "its inputs and outputs aren't references to layers",
          .damaged)
      }
      self.wiring = .functional(
        inputs: inputs.references, names: inputs.names, outputs: outputs.references)
      self.members = members
    }
  }

  /// A stack's layers with an `InputLayer` in front, made of the shape that the configuration tells
  /// elsewhere; without one where no shape is known.
  private static func withInput(
    _ members: [Member], _ description: JSONValue, name: String, _ path: String, _ file: String?
  ) throws(CheckpointError) -> [Member] {
    let misplaced = members.dropFirst().first { $0.isInput }
    if let misplaced {
      throw .graph(
        file, "layer \(path)\(misplaced.name)",
        "is an InputLayer behind other layers of a Sequential",
        .damaged)
    }
    guard let first = members.first, !first.isInput else { return members }
    var values: [String: JSONValue] = [:]
    if case .layer(let configuration) = first.content {
      values["batch_shape"] = configuration["batch_input_shape"] ?? configuration["batch_shape"]
      values["dtype"] = configuration["dtype"]
    }
    let built =
      description["config"]?["build_input_shape"] ?? description["build_config"]?["input_shape"]
    values["batch_shape"] = values["batch_shape"] ?? built?.nonNull ?? first.inputShape
    guard values["batch_shape"] != nil else { return members }
    let input = "\(first.name)_input"
    values["name"] = .string(input)
    let configuration = LayerConfiguration(name: input, className: "InputLayer", values: values)
    let member = Member(name: input, content: .layer(configuration), calls: [], isKeras3: false)
    return [member] + members
  }
}

extension KerasModel.Member {
  /// Whether it is an `InputLayer`.
  var isInput: Bool {
    if case .layer(let configuration) = content {
      configuration.className == "InputLayer"
    } else {
      false
    }
  }

  /// The shape of a model that begins with an `InputLayer`.
  fileprivate var inputShape: JSONValue? {
    switch content {
    case .layer(let configuration): isInput ? configuration["batch_shape"] : nil
    case .model(let model): model.members.first?.inputShape
    }
  }

  /// Reads a layer's description.
  fileprivate init(
    _ description: JSONValue, index: Int, path: String, file: String?
  ) throws(CheckpointError) {
    guard let className = description["class_name"]?.string else {
      throw .graph(file, "layer \(index) of \(path)", "has no class_name", .damaged)
    }
    let config = description["config"] ?? .null
    guard let name = description["name"]?.string ?? config["name"]?.string, !name.isEmpty else {
      throw .graph(file, "layer \(index) of \(path)", "has no name", .damaged)
    }
    var calls: [KerasCall] = []
    let nodes = description["inbound_nodes"]?.array ?? []
    for node in nodes {
      guard let call = KerasCall(node) else {
        throw .graph(file, "layer \(path)\(name)", "a call of it is in no known form", .damaged)
      }
      // Keras 1 writes an empty call for inputs.
      if !(call.references.isEmpty && className == "InputLayer") { calls.append(call) }
    }
    self.name = name
    self.calls = calls
    self.isKeras3 = nodes.contains { $0["args"] != nil }
    if KerasModel.describes(description) {
      content = .model(try KerasModel(description, path: "\(path)\(name)/", file: file))
      return
    }
    guard var values = config.object else {
      throw .graph(file, "layer \(path)\(name)", "has no configuration", .damaged)
    }
    if className == "InputLayer", let shape = values["batch_input_shape"] {
      values["batch_shape"] = shape
    }
    let module = description["module"]?.string
    // Legacy files leave the module out. A layer of Keras 3 always writes these two, an operation none.
    let looksBare = isKeras3 && values["trainable"] == nil && values["dtype"] == nil
    let isOperation = module.map { $0.contains(".ops.") || $0.hasSuffix(".ops") } ?? looksBare
    content = .layer(
      LayerConfiguration(
        name: name, className: className, values: values, module: module, isOperation: isOperation))
  }
}

extension JSONValue {
  /// The value, or nil for `null`.
  fileprivate var nonNull: JSONValue? { isNull ? nil : self }
}
