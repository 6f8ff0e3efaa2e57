import Checkpoints

/// A call of a layer as its configuration tells it, before names are looked up.
struct KerasCall {
  /// An argument.
  indirect enum Argument {
    /// What another call made.
    case reference(KerasReference)
    /// Anything that holds no reference.
    case constant(JSONValue)
    /// A list or tuple with references in it.
    case list([Argument])
    /// An object with references in it.
    case object([String: Argument])

    /// The references in it.
    var references: [KerasReference] {
      switch self {
      case .reference(let reference): [reference]
      case .constant: []
      case .list(let elements): elements.flatMap(\.references)
      case .object(let members):
        members.sorted { $0.key < $1.key }.flatMap { $0.value.references }
      }
    }
  }

  /// Positional arguments.
  var arguments: [Argument]
  /// Arguments by name.
  var keywords: [String: Argument]

  /// All references in its arguments.
  var references: [KerasReference] {
    arguments.flatMap(\.references)
      + keywords.sorted { $0.key < $1.key }.flatMap { $0.value.references }
  }
}

extension KerasCall {
  /// One element of `inbound_nodes`, or nil where it is in no known form.
  ///
  /// Keras 3 writes `{"args": […], "kwargs": {…}}`; Keras 1 and 2 write the first argument alone, as
  /// lists of `[layer, call, output, keywords]`.
  init?(_ node: JSONValue) {
    if let arguments = node["args"]?.array {
      self.init(
        arguments: arguments.map(Argument.init(keras3:)),
        keywords: (node["kwargs"]?.object ?? [:]).mapValues(Argument.init(keras3:)))
      // A layer's first parameter is its input, by whichever way it is passed.
      if self.arguments.isEmpty, let inputs = keywords.removeValue(forKey: "inputs") {
        self.arguments = [inputs]
      }
    } else {
      var keywords: [String: JSONValue] = [:]
      guard let first = Argument.first(keras2: node, keywords: &keywords) else { return nil }
      self.init(arguments: [first], keywords: keywords.mapValues(Argument.init(keras2:)))
    }
  }
}

extension KerasCall.Argument {
  /// A list or object, or a constant where no reference is in it.
  private init(_ elements: [Self], constant: JSONValue) {
    let isConstant = elements.allSatisfy { if case .constant = $0 { true } else { false } }
    self = isConstant ? .constant(constant) : .list(elements)
  }

  private init(_ members: [String: Self], constant: JSONValue) {
    let isConstant = members.values.allSatisfy { if case .constant = $0 { true } else { false } }
    self = isConstant ? .constant(constant) : .object(members)
  }

  /// The constant that an argument is, or nil.
  private var constant: JSONValue? { if case .constant(let value) = self { value } else { nil } }

  /// An argument in Keras 3's form, in which `__keras_tensor__` marks references.
  init(keras3 value: JSONValue) {
    switch value {
    case .array(let elements):
      let inner = elements.map(Self.init(keras3:))
      self.init(inner, constant: .array(inner.compactMap(\.constant)))
    case .object(let members):
      let kind = members["class_name"]?.string
      if kind == "__keras_tensor__", let history = members["config"]?["keras_history"],
        let reference = KerasReference(history)
      {
        self = .reference(reference)
      } else if kind == "__tuple__", let items = members["items"] ?? members["config"]?["items"] {
        self.init(keras3: items)
      } else {
        let inner = members.mapValues(Self.init(keras3:))
        self.init(inner, constant: .object(inner.compactMapValues(\.constant)))
      }
    default:
      self = .constant(value)
    }
  }

  /// An argument by name in Keras 2's form: `[text, integer, integer]` is a reference.
  init(keras2 value: JSONValue) {
    if let reference = KerasReference(value) {
      self = .reference(reference)
    } else if let elements = value.array {
      self.init(elements.map(Self.init(keras2:)), constant: value)
    } else if let members = value.object {
      self.init(members.mapValues(Self.init(keras2:)), constant: value)
    } else {
      self = .constant(value)
    }
  }

  /// The first argument in Keras 2's form; a list of one stands for its element.
  ///
  /// References in it may carry keywords, of which Keras takes those of the last.
  static func first(keras2 value: JSONValue, keywords: inout [String: JSONValue]) -> Self? {
    guard let structure = structure(keras2: value, keywords: &keywords) else { return nil }
    if case .list(let elements) = structure, elements.count == 1 { return elements[0] }
    return structure
  }

  private static func structure(
    keras2 value: JSONValue, keywords: inout [String: JSONValue]
  ) -> Self? {
    if let reference = KerasReference(value) {
      keywords = value[3]?.object ?? [:]
      return .reference(reference)
    }
    if value[0]?.string == "_CONSTANT_VALUE", let constant = value[2] {
      keywords = value[3]?.object ?? [:]
      return .constant(constant)
    }
    if let elements = value.array {
      var inner: [Self] = []
      for element in elements {
        guard let argument = structure(keras2: element, keywords: &keywords) else { return nil }
        inner.append(argument)
      }
      return .list(inner)
    }
    guard let members = value.object else { return nil }
    var inner: [String: Self] = [:]
    for (name, member) in members.sorted(by: { $0.key < $1.key }) {
      guard let argument = structure(keras2: member, keywords: &keywords) else { return nil }
      inner[name] = argument
    }
    return .object(inner)
  }
}
