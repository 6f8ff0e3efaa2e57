internal import Checkpoints

extension LayerCall {
  /// What the call gives for a parameter, by place or by name; nil for nothing and for null.
  func argument(_ name: String, at position: Int? = nil) -> ModelGraph.Argument? {
    let found =
      if let position, position < arguments.count { arguments[position] } else { keywords[name] }
    if case .constant(.null)? = found { return nil }
    return found
  }

  /// The place among `inputs` of the value that the call gives for a parameter, or nil for none.
  ///
  /// - Throws: ``CheckpointError`` where the call gives something else.
  func input(_ name: String, at position: Int? = nil) throws(CheckpointError) -> Int? {
    guard let argument = argument(name, at: position) else { return nil }
    guard case .value(let value) = argument, let place = values.firstIndex(of: value) else {
      throw configuration.error("is called with a \"\(name)\" that isn't another layer's output")
    }
    return place
  }

  /// The places among `inputs` of the values in a parameter that may be a list; nil for nothing.
  func inputs(_ name: String, at position: Int? = nil) throws(CheckpointError) -> [Int]? {
    guard let argument = argument(name, at: position) else { return nil }
    let places = argument.values.compactMap { values.firstIndex(of: $0) }
    guard !places.isEmpty else {
      throw configuration.error("is called with a \"\(name)\" that isn't another layer's output")
    }
    return places
  }

  /// A parameter that is true or false; false where the call doesn't give it.
  func flag(_ name: String) throws(CheckpointError) -> Bool {
    guard let argument = argument(name) else { return false }
    guard case .constant(let value) = argument, let flag = value.bool else {
      throw configuration.error("is called with a \"\(name)\" that isn't true or false")
    }
    return flag
  }

  /// Refuses positional arguments beyond the first few.
  func requireArguments(atMost count: Int) throws(CheckpointError) {
    guard arguments.count <= count else {
      throw configuration.error(
        "is called with \(arguments.count) arguments by place; at most \(count) are supported",
        remedy: "give the others by name")
    }
  }
}

extension LayerConfiguration {
  /// Refuses low-rank adapters, whose product Keras adds to a weight while it computes.
  func refuseAdapters() throws(CheckpointError) {
    guard self["lora_rank"] == nil else {
      throw error(
        "\"lora_rank\" isn't supported", remedy: "save the model with the adapters merged")
    }
  }

  /// The layer that a wrapper's configuration holds.
  ///
  /// - Throws: ``CheckpointError`` where there is none.
  func wrapped(_ key: String) throws(CheckpointError) -> LayerConfiguration {
    guard let member = self[key], let kind = member["class_name"]?.string,
      let settings = member["config"]?.object
    else { throw error("its configuration has no layer as \"\(key)\"") }
    return LayerConfiguration(
      name: settings["name"]?.string ?? "\(name)/\(key)", className: kind, values: settings)
  }
}
