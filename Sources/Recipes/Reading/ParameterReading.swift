import Checkpoints

/// Reads `parameters:` for the methods that may ask for them.
struct ParameterReading {
  /// The methods of the merge, the merge's own first.
  let methods: [MethodSpecification]
  /// Whether the parameters stand at one source.
  let isOfSource: Bool

  private var known: [String] {
    var names: [String] = []
    for method in methods {
      for parameter in method.parameters where !names.contains(parameter.name) {
        if !isOfSource || parameter.scope == .source { names.append(parameter.name) }
      }
    }
    return names
  }

  /// The settings, and notes about those without effect.
  func settings(
    _ field: RecipeField?, warnings: inout [String]
  ) throws(CheckpointError) -> ParameterSettings {
    var settings: ParameterSettings = [:]
    for (key, field) in try field?.members() ?? [] {
      let candidates = methods.compactMap { $0.parameter(called: key) }
      guard let first = candidates.first else {
        let owners = methods.map(\.name).joined(separator: " and ")
        throw field.place.fault(
          "is no parameter of \(owners)", remedy: Suggestion.remedy(for: key, among: known))
      }
      guard !isOfSource || candidates.contains(where: { $0.scope == .source }) else {
        throw field.place.fault(
          "belongs to the merge, not to one source",
          remedy: "move it to the 'parameters' of the slice or of the recipe")
      }
      guard settings[first.name] == nil else {
        throw field.place.fault("is given twice, under two of its names", remedy: "keep one")
      }
      if candidates.allSatisfy({ $0.withoutEffect != nil }), let reason = first.withoutEffect {
        warnings.append(field.place.note("has no effect: \(reason)", remedy: "leave it out"))
      }
      settings[first.name] = try setting(field, candidates)
    }
    return settings
  }

  private func setting(
    _ field: RecipeField, _ parameters: [ParameterSpecification]
  ) throws(CheckpointError) -> ParameterSetting {
    var cases: [ParameterSetting.Case] = []
    switch field.node.content {
    case .mapping:
      cases = [try conditional(field, parameters)]
    case .sequence(let nodes) where nodes.contains(where: Self.isMapping):
      for element in try field.elements() { cases.append(try conditional(element, parameters)) }
    case .scalar, .sequence:
      let gradient = try gradient(field, parameters)
      cases = [ParameterSetting.Case(filter: nil, gradient: gradient, place: field.place)]
    }
    if let end = cases.firstIndex(where: { $0.filter == nil }), end + 1 < cases.count {
      throw cases[end + 1].place.fault(
        "is never reached: the entry before it is for all tensors",
        remedy: "put the entry without a filter last")
    }
    return ParameterSetting(cases: cases, place: field.place)
  }

  private static func isMapping(_ node: YAMLNode) -> Bool {
    if case .mapping = node.content { true } else { false }
  }

  private func conditional(
    _ field: RecipeField, _ parameters: [ParameterSpecification]
  ) throws(CheckpointError) -> ParameterSetting.Case {
    let members = try field.members(known: ["filter", "value"])
    guard let value = members["value"] else {
      throw field.place.fault("has no value", remedy: "write {filter: TEXT, value: VALUE}")
    }
    let filter = try members["filter"]?.text()
    return ParameterSetting.Case(
      filter: filter == "*" ? nil : filter, gradient: try gradient(value, parameters),
      place: members["filter"]?.place ?? field.place)
  }

  private func gradient(
    _ field: RecipeField, _ parameters: [ParameterSpecification]
  ) throws(CheckpointError) -> Gradient {
    guard case .sequence = field.node.content else {
      return Gradient(values: [try ValueReading.value(field, anyOf: parameters)])
    }
    var values: [ParameterValue] = []
    for element in try field.someElements() {
      values.append(try ValueReading.value(element, anyOf: parameters))
    }
    return Gradient(values: values)
  }
}
