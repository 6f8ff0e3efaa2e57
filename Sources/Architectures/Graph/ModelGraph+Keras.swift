public import Checkpoints

extension ModelGraph {
  /// What a graph calls the `hard_sigmoid` of Keras 1 and 2, which is another function in Keras 3.
  package static let oldHardSigmoid = "hard_sigmoid of Keras 2"

  /// The graph of a Keras configuration: the attribute `model_config` of a legacy file, what
  /// `model.to_json()` writes, or `config.json` of a `.keras` archive; Sequential or Functional.
  ///
  /// `layers` holds an `InputLayer` also where a Sequential leaves it out; its `batch_shape` is set
  /// whichever name the version of Keras gives it. A nested model's own `InputLayer` is in `layers` but
  /// has no node: what the model is given stands for it. Classes aren't looked at: unknown ones are for
  /// the registry of layers to refuse.
  ///
  /// - Parameters:
  ///   - text: The configuration as JSON.
  ///   - file: The file it is from, for errors.
  ///   - version: The version of Keras that wrote it (the attribute `keras_version` of a legacy file),
  ///     where the text itself doesn't tell; nil for Keras 3.
  /// - Throws: ``CheckpointError`` where the text isn't a model's configuration, the model is
  ///   subclassed, has no known input shape, or its parts don't fit together.
  public init(
    kerasConfiguration text: String, file: String?, version: String? = nil
  ) throws(CheckpointError) {
    guard var description = JSONValue(parsing: text) else {
      throw .graph(file, "model configuration", "isn't JSON", .foreign)
    }
    let version = description["keras_version"]?.string ?? version
    if let major = version?.first?.wholeNumberValue, major < 3 {
      description = description.spellingOutOldActivations
    }
    guard let className = description["class_name"]?.string, let config = description["config"]
    else {
      throw .graph(file, "model configuration", "has no class_name and config", .foreign)
    }
    guard config["layers"]?.array != nil || config.array != nil else {
      throw .graph(
        file, "model \(className)",
        "is a subclassed model: its configuration doesn't tell its layers",
        .subclassed)
    }
    let model = try KerasModel(description, path: "", file: file)
    guard !model.members.isEmpty else {
      throw .graph(file, "model \(model.name)", "has no layers", .damaged)
    }
    self = try GraphUnfolder.graph(of: model, file: file)
  }
}

extension JSONValue {
  /// The same configuration with a name of its own for what Keras 1 and 2 call `hard_sigmoid`, which is
  /// another function in Keras 3.
  fileprivate var spellingOutOldActivations: JSONValue {
    switch self {
    case .array(let elements): .array(elements.map(\.spellingOutOldActivations))
    case .object(let members):
      .object(
        Dictionary(
          uniqueKeysWithValues: members.map { key, value in
            let isOld = key.hasSuffix("activation") && value.string == "hard_sigmoid"
            return (
              key, isOld ? .string(ModelGraph.oldHardSigmoid) : value.spellingOutOldActivations
            )
          }))
    default: self
    }
  }
}
