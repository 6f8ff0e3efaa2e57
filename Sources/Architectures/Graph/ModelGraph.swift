/// A network's structure as its Keras configuration tells it: layers, and the calls that connect them.
///
/// Nested models are unfolded: their layers stand in `layers` with the path of names
/// (`encoder/dense_1`), their calls among `nodes`; a model that is called twice has its nodes twice and
/// its layers once. Values are 32-bit floats of shape (batch, …), in the model's own order of axes.
public struct ModelGraph: Sendable {
  /// A layer: its configuration, once, however often it is called.
  public struct Layer: Sendable {
    /// What it is and how it is set.
    public let configuration: LayerConfiguration
    /// Whether Keras counts its weights as trainable (its own flag and those of the models around it);
    /// decides their order in legacy files.
    public let isTrainable: Bool
  }

  /// One output of a node.
  public struct Value: Hashable, Sendable {
    /// The place in `nodes`.
    public let node: Int
    /// Which of its outputs.
    public let output: Int

    /// An output of a node.
    public init(node: Int, output: Int = 0) {
      self.node = node
      self.output = output
    }
  }

  /// An argument of a call.
  public indirect enum Argument: Hashable, Sendable {
    /// What another node made.
    case value(Value)
    /// What the configuration holds: a number, a text, a shape, null.
    case constant(JSONValue)
    /// A list or tuple with a value in it, at any depth; one without is a constant, a JSON list.
    case list([Argument])

    /// The values in it, in order.
    public var values: [Value] {
      switch self {
      case .value(let value): [value]
      case .constant: []
      case .list(let elements): elements.flatMap(\.values)
      }
    }
  }

  /// A call of a layer.
  public struct Node: Sendable {
    /// The layer's name; a second and later call of the same layer has `:1`, `:2`, … behind it.
    public let name: String
    /// The place in `layers`.
    public let layer: Int
    /// Positional arguments; a layer that merges has one argument, a list.
    public let arguments: [Argument]
    /// Arguments by name, such as `value`, `mask`, `initial_state`, `axis`.
    public let keywords: [String: Argument]

    /// A call.
    package init(
      name: String, layer: Int, arguments: [Argument], keywords: [String: Argument]
    ) {
      self.name = name
      self.layer = layer
      self.arguments = arguments
      self.keywords = keywords
    }

    /// All values that the call takes: positional ones first, then keywords by name.
    public var inputs: [Value] {
      arguments.flatMap(\.values)
        + keywords.sorted { $0.key < $1.key }.flatMap { $0.value.values }
    }
  }

  /// The model's name.
  public let name: String
  /// The layers: those of the model in its own order, those of a nested model in its place.
  public let layers: [Layer]
  /// The calls, each behind all whose outputs it takes.
  public let nodes: [Node]
  /// The nodes (of class `InputLayer`) that data enter through, in the model's order.
  public let inputs: [Int]
  /// What the model returns.
  public let outputs: [Value]
  /// How the model's containers nest, for the names of weights in files.
  public let root: Container

  /// A model as a container of layers: where Keras looks when it names weights in files.
  public struct Container: Sendable {
    /// The model's name.
    public let name: String
    /// Its class: `Sequential`, `Functional` or `Model`.
    public let className: String
    /// Its layers and nested models, in Keras's order of `model.layers`.
    public let members: [Member]

    /// A container.
    package init(name: String, className: String, members: [Member]) {
      self.name = name
      self.className = className
      self.members = members
    }
  }

  /// A member of a container.
  public indirect enum Member: Sendable {
    /// A layer, as its place in `layers`.
    case layer(Int)
    /// A nested model.
    case model(Container)
  }

  /// A graph of parts that fit together: values exist and stand before their use.
  public init(
    name: String, layers: [Layer], nodes: [Node], inputs: [Int], outputs: [Value], root: Container
  ) {
    self.name = name
    self.layers = layers
    self.nodes = nodes
    self.inputs = inputs
    self.outputs = outputs
    self.root = root
  }
}

extension ModelGraph.Layer {
  /// A layer.
  public init(_ configuration: LayerConfiguration, isTrainable: Bool = true) {
    self.configuration = configuration
    self.isTrainable = isTrainable
  }
}
