import Checkpoints

/// Resolves the tensors of one merge.
struct MergeResolver {
  let merge: RecipeMerge
  let template: ModelReference
  let views: [ModelReference: ModelView]
  let output: ParameterSettings
  let compatibility: Compatibility
  var table: SettingsTable
  private(set) var warnings: [String] = []
  /// The operands by slice and method, worked out once.
  private var operands: [OperandKey: SliceOperands] = [:]

  private struct OperandKey: Hashable {
    let slice: Int
    let method: String
  }

  init(
    merge: RecipeMerge, template: ModelReference, views: [ModelReference: ModelView],
    output: ParameterSettings, compatibility: Compatibility, table: SettingsTable
  ) {
    self.merge = merge
    self.template = template
    self.views = views
    self.output = output
    self.compatibility = compatibility
    self.table = table
  }

  /// A tensor of the output before its parameters are known.
  struct Outline {
    let name: TensorName
    /// The name in the slice's first source.
    let origin: TensorName
    /// The slice's index.
    let slice: Int
    /// Its place along the slice's layers, from 0 to 1.
    let position: Double
    /// The layer of the slice, from 0; nil for what belongs to no layer.
    let offset: Int?
  }

  /// All tensors of the output.
  mutating func tensors() throws(CheckpointError) -> [ResolvedTensor] {
    let outlines = try SliceLayout(merge: merge, template: template, views: views).outlines()
    let names = outlines.map(\.name)
    var rules: [TensorName: TensorRule] = [:]
    for rule in merge.rules {
      let matches = rule.pattern.matches(among: names)
      if matches.isEmpty {
        warnings.append(
          rule.place.note(
            "matches no tensor: '\(rule.pattern.text)'",
            remedy: "patterns cover whole names, such as \(names.first?.description ?? "none")"))
      }
      for name in matches where rules[name] == nil { rules[name] = rule }
    }
    var tensors: [ResolvedTensor] = []
    tensors.reserveCapacity(outlines.count)
    for outline in outlines { tensors.append(try tensor(outline, rule: rules[outline.name])) }
    warnings += SettingsReview(merge: merge, names: names, views: views, output: output).notes()
    return tensors
  }

  private mutating func tensor(
    _ outline: Outline, rule: TensorRule?
  ) throws(CheckpointError) -> ResolvedTensor {
    let slice = merge.slices[outline.slice]
    let method = rule?.method ?? merge.method
    let key = OperandKey(slice: outline.slice, method: method.name)
    let operands = self.operands[key] ?? SliceOperands(slice: slice, merge: merge, method: method)
    self.operands[key] = operands
    if let rule, rule.copies {
      let source = operands.sources.first { $0.model == template } ?? operands.sources.first
      let content = MergeSettings.Content(
        method: nil, hasBase: false, parameters: [:], perSource: [[:]])
      let settings = try table.settings(content, of: nil, for: outline.name, at: rule.place)
      let copied = try source.map { (source) throws(CheckpointError) in
        try operand(of: source, for: outline).operand
      }
      return ResolvedTensor(
        name: outline.name, settings: settings, operands: copied.map { [$0] } ?? [])
    }
    var target = ParameterScopes.Target(
      name: outline.name, position: outline.position, slice: slice, rule: rule)
    let scopes = ParameterScopes(merge: merge, output: output, compatibility: compatibility)
    var shared: [String: ParameterValue] = [:]
    for parameter in method.parameters where parameter.scope == .merge {
      shared[parameter.name] = try scopes.value(of: parameter, for: target, source: nil)
    }
    var perSource: [[String: ParameterValue]] = []
    var found: [ResolvedTensor.Operand] = []
    for (index, source) in operands.sources.enumerated() {
      let (operand, name) = try operand(of: source, for: outline)
      found.append(operand)
      target.name = name
      var own: [String: ParameterValue] = [:]
      for parameter in method.parameters where parameter.scope == .source {
        if index == 0, operands.base != nil { continue }
        own[parameter.name] = try scopes.value(of: parameter, for: target, source: source)
      }
      perSource.append(own)
    }
    let content = MergeSettings.Content(
      method: method.name, hasBase: operands.base != nil, parameters: shared, perSource: perSource)
    let settings = try table.settings(
      content, of: method, for: outline.name, at: rule?.place ?? slice.place)
    return ResolvedTensor(name: outline.name, settings: settings, operands: found)
  }

  /// The tensor of a source that goes into a tensor of the output.
  private func operand(
    of source: RecipeSource, for outline: Outline
  ) throws(CheckpointError) -> (operand: ResolvedTensor.Operand, name: TensorName) {
    guard let view = views[source.model] else { throw source.place.fault("has no model") }
    var name = outline.name
    if let layers = source.layers, let offset = outline.offset {
      name = try self.name(of: outline, inLayer: layers.lowerBound + offset)
    }
    guard let operand = view.operand(name) else {
      throw source.place.fault(
        "has no tensor \(name), which the output's \(outline.name) needs from \(view.name)",
        remedy: "add a rule {match: '\(outline.name)', action: copy} to take the template's")
    }
    return (operand, name)
  }

  /// The name that a tensor has in a layer of a source; sources of a slice name tensors alike.
  private func name(
    of outline: Outline, inLayer layer: Int
  ) throws(CheckpointError) -> TensorName {
    let slice = merge.slices[outline.slice]
    guard let first = slice.sources.first, let view = views[first.model],
      let name = view.inventory.order.name(outline.origin, movedTo: layer)
    else {
      throw slice.place.fault(
        "needs the tensor \(outline.origin) of layer \(layer), but its name holds no number of a layer",
        remedy: "slices of such files take the same layers of all sources")
    }
    return name
  }
}
