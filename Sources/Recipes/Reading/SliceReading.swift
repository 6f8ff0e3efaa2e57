import Checkpoints

extension RecipeReader {
  /// `models:` as one slice of everything.
  mutating func wholeModels(
    _ field: RecipeField, methods: [MethodSpecification]
  ) throws(CheckpointError) -> RecipeSlice {
    var sources: [RecipeSource] = []
    for element in try field.someElements() {
      // A bare name is short for a model without parameters.
      if case .scalar = element.node.content {
        let model = try model(element)
        sources.append(
          RecipeSource(place: element.place, model: model, layers: nil, parameters: [:]))
        continue
      }
      let members = try element.members(known: ["model", "parameters"])
      sources.append(try source(element, members, layers: nil, methods: methods))
    }
    return RecipeSlice(place: field.place, sources: sources, base: nil, parameters: [:])
  }

  /// `slices:`.
  mutating func slices(
    _ field: RecipeField, methods: [MethodSpecification]
  ) throws(CheckpointError) -> [RecipeSlice] {
    var slices: [RecipeSlice] = []
    for element in try field.someElements() {
      let members = try element.members(
        known: ["sources", "base_model", "parameters", "residual_weight"])
      guard let sourcesField = members["sources"] else {
        throw element.place.fault("has no sources", remedy: "list models with their layer_range")
      }
      if let field = members["residual_weight"] {
        warnings.append(
          field.place.note("has no effect, in mergekit neither", remedy: "leave it out"))
      }
      var sources: [RecipeSource] = []
      for source in try sourcesField.someElements() {
        let members = try source.members(known: ["model", "layer_range", "parameters"])
        guard let range = members["layer_range"] else {
          throw source.place.fault("has no layer_range", remedy: "write layer_range: [FIRST, END]")
        }
        sources.append(
          try self.source(source, members, layers: try layers(range), methods: methods))
      }
      let base = try members["base_model"].map { (field) throws(CheckpointError) in
        try model(field)
      }
      let reading = ParameterReading(methods: methods, isOfSource: false)
      let parameters = try reading.settings(members["parameters"], warnings: &warnings)
      slices.append(
        RecipeSlice(place: element.place, sources: sources, base: base, parameters: parameters))
    }
    return slices
  }

  private mutating func source(
    _ field: RecipeField, _ members: [String: RecipeField], layers: Range<Int>?,
    methods: [MethodSpecification]
  ) throws(CheckpointError) -> RecipeSource {
    guard let modelField = members["model"] else {
      throw field.place.fault("has no model", remedy: "write model: NAME")
    }
    let model = try model(modelField)
    let reading = ParameterReading(methods: methods, isOfSource: true)
    let parameters = try reading.settings(members["parameters"], warnings: &warnings)
    return RecipeSource(place: field.place, model: model, layers: layers, parameters: parameters)
  }

  private func layers(_ field: RecipeField) throws(CheckpointError) -> Range<Int> {
    let elements = try field.elements()
    guard elements.count == 2 else {
      throw field.place.fault(
        "has \(counted(elements.count, "number"))", remedy: "write [FIRST, END], END not included")
    }
    let first = try elements[0].integer()
    let end = try elements[1].integer()
    guard first >= 0, end > first else {
      throw field.place.fault(
        "[\(first), \(end)] holds no layer",
        remedy: "layers count from 0, and END, which isn't included, is above FIRST")
    }
    return first..<end
  }
}
