import Checkpoints

/// The keys of one merge.
enum MergeReading {
  /// What a merge may hold wherever it stands.
  static let keys = [
    "merge_method", "models", "slices", "modules", "base_model", "parameters", "rules", "dtype",
    "out_dtype",
  ]
}

extension RecipeReader {
  /// Reads one merge.
  ///
  /// - Parameters:
  ///   - field: The mapping.
  ///   - members: Its members.
  ///   - name: The name by which others use it.
  ///   - isInner: Whether it is never written itself.
  /// - Returns: The merge.
  /// - Throws: ``CheckpointError`` with the place of what is wrong.
  mutating func merge(
    _ field: RecipeField, _ members: [String: RecipeField], name: String?, isInner: Bool
  ) throws(CheckpointError) -> RecipeMerge {
    let place = field.place
    guard let methodField = members["merge_method"] else {
      throw place.fault(
        "has no merge_method", remedy: "add one, such as 'merge_method: linear'")
    }
    let method = try self.method(methodField)
    let ruleFields = try members["rules"]?.elements() ?? []
    var methods = [method]
    for rule in ruleFields {
      let members = try rule.members(known: RuleReading.keys)
      if let field = members["method"] { methods.append(try self.method(field)) }
    }
    let shared = ParameterReading(methods: methods, isOfSource: false)
    let base = try members["base_model"].map { (field) throws(CheckpointError) in
      try model(field)
    }
    let body = try self.body(members, at: place, methods: methods)
    var rules: [TensorRule] = []
    for rule in ruleFields {
      rules.append(try RuleReading(merge: method).rule(rule, in: &self))
    }
    if isInner {
      for key in ["dtype", "out_dtype"] {
        guard let field = members[key] else { continue }
        _ = try OptionReading.elementType(field)
        warnings.append(
          field.place.note("has no effect: this merge is never stored", remedy: "leave it out"))
      }
    }
    let merge = RecipeMerge(
      name: name, place: place, method: method, base: base, slices: body.slices,
      moduleParameters: body.parameters,
      parameters: try shared.settings(members["parameters"], warnings: &warnings), rules: rules)
    try SourceCheck(merge: merge).check()
    return merge
  }

  /// The method that a field names.
  func method(_ field: RecipeField) throws(CheckpointError) -> MethodSpecification {
    let word = try field.text()
    guard let method = MethodCatalogue.method(called: word) else {
      throw field.place.fault(
        "'\(word)' is no merge method",
        remedy: Suggestion.remedy(for: word, among: MethodCatalogue.names))
    }
    return method
  }

  /// The sources, from whichever of the three keys has them.
  private mutating func body(
    _ members: [String: RecipeField], at place: RecipePlace, methods: [MethodSpecification]
  ) throws(CheckpointError) -> (slices: [RecipeSlice], parameters: ParameterSettings) {
    let given = ["models", "slices", "modules"].filter { members[$0] != nil }
    guard given.count == 1 else {
      throw place.fault(
        given.isEmpty ? "has no models" : "has \(given.joined(separator: " and "))",
        remedy: "exactly one of models, slices and modules says what is merged")
    }
    if let field = members["models"] {
      return ([try wholeModels(field, methods: methods)], [:])
    }
    if let field = members["slices"] {
      return (try slices(field, methods: methods), [:])
    }
    guard let field = members["modules"] else { return ([], [:]) }
    let modules = try field.members()
    guard modules.count == 1, let module = modules.first?.field else {
      throw field.place.fault(
        "names \(counted(modules.count, "module")); which tensors belong to each stands in mergekit's"
          + " table of architectures, which isn't used here",
        remedy: "give models, and rules whose match covers the names of a module's tensors")
    }
    let inner = try module.members(known: ["models", "slices", "parameters"])
    let reading = ParameterReading(methods: methods, isOfSource: false)
    let parameters = try reading.settings(inner["parameters"], warnings: &warnings)
    guard inner["models"] == nil || inner["slices"] == nil,
      inner["models"] != nil || inner["slices"] != nil
    else {
      throw module.place.fault("needs models or slices", remedy: "give exactly one of them")
    }
    let slices =
      if let field = inner["models"] { [try wholeModels(field, methods: methods)] } else {
        try inner["slices"].map { (field) throws(CheckpointError) in
          try self.slices(field, methods: methods)
        } ?? []
      }
    return (slices, parameters)
  }
}
