import Checkpoints

/// Reads an entry of `rules:`.
struct RuleReading {
  /// The method where a rule names none.
  let merge: MethodSpecification

  /// What a rule may hold.
  static let keys = ["match", "method", "parameters", "action"]

  func rule(
    _ field: RecipeField, in reader: inout RecipeReader
  ) throws(CheckpointError) -> TensorRule {
    let members = try field.members(known: Self.keys)
    guard let match = members["match"] else {
      throw field.place.fault(
        "has no match", remedy: "write match: GLOB, or match: 're:EXPRESSION'")
    }
    let method = try members["method"].map { (field) throws(CheckpointError) in
      try reader.method(field)
    }
    let action = try members["action"]?.word(among: ["merge", "copy"])
    let copies = action == "copy"
    if copies, let field = members["method"] ?? members["parameters"] {
      throw field.place.fault("stands beside action: copy", remedy: "leave one of them out")
    }
    guard copies || method != nil || members["parameters"] != nil else {
      throw field.place.fault(
        "changes nothing", remedy: "give it a method, parameters, or action: copy")
    }
    let reading = ParameterReading(methods: [method ?? merge], isOfSource: false)
    return TensorRule(
      place: field.place, pattern: try TensorPattern(try match.text(), at: match.place),
      copies: copies, method: method,
      parameters: try reading.settings(members["parameters"], warnings: &reader.warnings))
  }
}

/// Reads `outputs:`.
struct OutputReading {
  /// The methods of the merge that is written.
  let methods: [MethodSpecification]

  /// The outputs; one without a name where there is no list.
  func outputs(
    _ field: RecipeField?, warnings: inout [String]
  ) throws(CheckpointError) -> [RecipeOutput] {
    guard let field else { return [RecipeOutput(name: nil, parameters: [:])] }
    var outputs: [RecipeOutput] = []
    var names: Set<String> = []
    for element in try field.someElements() {
      let members = try element.members(known: ["name", "parameters"])
      guard let nameField = members["name"] else {
        throw element.place.fault("has no name", remedy: "each output has a name of its own")
      }
      let name = try nameField.text()
      guard !name.contains("/"), name != ".", name != ".." else {
        throw nameField.place.fault(
          "'\(name)' isn't the name of a file", remedy: "write a name without a folder")
      }
      guard names.insert(name).inserted else {
        throw nameField.place.fault("'\(name)' is the name of two outputs", remedy: "rename one")
      }
      let reading = ParameterReading(methods: methods, isOfSource: false)
      let settings = try reading.settings(members["parameters"], warnings: &warnings)
      outputs.append(RecipeOutput(name: name, parameters: settings))
    }
    return outputs
  }
}
