public import Checkpoints

/// The `config` of one layer in a Keras configuration, read with words of error that name the layer.
public struct LayerConfiguration: Hashable, Sendable {
  /// The layer's name; inside a nested model the path of names, joined by slashes.
  public let name: String
  /// Keras's name of the class, such as `Conv2D`.
  public let className: String
  /// The members of `config`.
  public let values: [String: JSONValue]
  /// The Python module of the class, such as `keras.layers`; nil where the configuration doesn't tell.
  public let module: String?
  /// Whether it is an operation on tensors (`keras.ops`, an operator) and no layer.
  ///
  /// Tells `keras.src.ops.numpy.Add`, which takes two arguments, from `keras.layers.Add`, which takes a
  /// list.
  public let isOperation: Bool

  /// A layer's configuration.
  public init(
    name: String, className: String, values: [String: JSONValue], module: String? = nil,
    isOperation: Bool = false
  ) {
    self.name = name
    self.className = className
    self.values = values
    self.module = module
    self.isOperation = isOperation
  }

  /// An error about this layer: `layer NAME (CLASS): FACT; REMEDY`.
  public func error(_ fact: String, remedy: String? = nil) -> CheckpointError {
    CheckpointError(
      .unusable, subject: "layer \(name) (\(className))", fact: fact, remedy: remedy)
  }

  /// A member, or nil where it is absent or null.
  public subscript(key: String) -> JSONValue? {
    guard let value = values[key], !value.isNull else { return nil }
    return value
  }

  /// An integer; `fallback` where it is absent.
  ///
  /// - Throws: ``CheckpointError`` where it isn't an integer, or is absent without a fallback.
  public func int(_ key: String, default fallback: Int? = nil) throws(CheckpointError) -> Int {
    try read(key, fallback, "an integer", \.int)
  }

  /// A number; `fallback` where it is absent.
  ///
  /// - Throws: ``CheckpointError`` where it isn't a number, or is absent without a fallback.
  public func double(_ key: String, default fallback: Double? = nil) throws(CheckpointError)
    -> Double
  {
    try read(key, fallback, "a number", \.double)
  }

  /// A truth value; `fallback` where it is absent.
  ///
  /// - Throws: ``CheckpointError`` where it isn't one, or is absent without a fallback.
  public func bool(_ key: String, default fallback: Bool? = nil) throws(CheckpointError) -> Bool {
    try read(key, fallback, "true or false", \.bool)
  }

  /// A text; `fallback` where it is absent.
  ///
  /// - Throws: ``CheckpointError`` where it isn't a text, or is absent without a fallback.
  public func string(_ key: String, default fallback: String? = nil) throws(CheckpointError)
    -> String
  {
    try read(key, fallback, "a text", \.string)
  }

  /// A list of integers.
  ///
  /// - Parameters:
  ///   - key: The member.
  ///   - count: The length; a single integer stands for a list of as many. Nil for any length.
  ///   - fallback: What an absent member means.
  /// - Returns: The integers.
  /// - Throws: ``CheckpointError`` where it is neither, or is absent without a fallback.
  public func ints(
    _ key: String, count: Int? = nil, default fallback: [Int]? = nil
  ) throws(CheckpointError) -> [Int] {
    let what = count.map { "an integer or \($0) of them" } ?? "a list of integers"
    return try read(key, fallback, what) { value in
      if let single = value.int { return [Int](repeating: single, count: count ?? 1) }
      guard let elements = value.array else { return nil }
      let numbers = elements.compactMap(\.int)
      guard numbers.count == elements.count, count == nil || count == numbers.count else {
        return nil
      }
      return numbers
    }
  }

  private func read<Value>(
    _ key: String, _ fallback: Value?, _ what: String, _ convert: (JSONValue) -> Value?
  ) throws(CheckpointError) -> Value {
    guard let value = self[key] else {
      guard let fallback else { throw error("its configuration has no \"\(key)\"") }
      return fallback
    }
    guard let result = convert(value) else { throw error("\"\(key)\" isn't \(what)") }
    return result
  }
}
