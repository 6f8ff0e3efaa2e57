public import Checkpoints

extension ModelGraph {
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
  /// - Throws: ``CheckpointError`` where the text isn't a model's configuration, the model is
  ///   subclassed, has no known input shape, or its parts don't fit together.
  public init(kerasConfiguration text: String, file: String?) throws(CheckpointError) {
    guard let description = JSONValue(parsing: text) else {
      throw .graph(file, "model configuration", "isn't JSON", .foreign)
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
