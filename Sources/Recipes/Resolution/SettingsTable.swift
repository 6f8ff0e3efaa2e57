import Checkpoints

/// Settings, each kept once: a model has tens of thousands of tensors and few different settings.
struct SettingsTable {
  private var settings: [MergeSettings.Content: MergeSettings] = [:]

  /// The settings of a tensor, checked when they come up first.
  mutating func settings(
    _ content: MergeSettings.Content, of method: MethodSpecification?, for name: TensorName,
    at place: RecipePlace
  ) throws(CheckpointError) -> MergeSettings {
    if let known = settings[content] { return known }
    if let method {
      try SettingsCheck(method: method, content: content, name: name, place: place).check()
    }
    let new = MergeSettings(content)
    settings[content] = new
    return new
  }
}

/// Checks parameters that only together are a mistake.
struct SettingsCheck {
  let method: MethodSpecification
  let content: MergeSettings.Content
  /// The first tensor with these settings, for the message.
  let name: TensorName
  let place: RecipePlace

  private var sources: ArraySlice<[String: ParameterValue]> {
    content.perSource.dropFirst(content.hasBase ? 1 : 0)
  }

  func check() throws(CheckpointError) {
    try checkWeights()
    try checkProbabilities()
  }

  /// A sum of weights by which a result is divided isn't 0.
  private func checkWeights() throws(CheckpointError) {
    switch method.weightSum {
    case .free: return
    case .dividesWhen(let name) where content.parameters[name]?.truth != true: return
    case .divides, .dividesWhen: break
    }
    let weights = sources.map { $0["weight"]?.number ?? 1 }
    let size = weights.reduce(0) { $0 + $1.magnitude }
    // Decimal fractions that cancel leave a rest in the last digits.
    guard weights.reduce(0, +).magnitude <= size * 1e-12 else { return }
    let switchOff =
      if case .dividesWhen(let name) = method.weightSum { ", or set \(name): false" } else { "" }
    throw place.fault(
      "has weights that sum to 0 for the tensor \(name)"
        + " (\(weights.map { "\($0)" }.joined(separator: ", "))), and \(method.name) divides by the sum",
      remedy: "change the weights\(switchOff)")
  }

  /// The probabilities from density - epsilon to density + epsilon lie between 0 and 1.
  private func checkProbabilities() throws(CheckpointError) {
    for source in sources {
      guard let density = source["density"]?.number, let epsilon = source["epsilon"]?.number,
        density < 1
      else { continue }
      guard density - epsilon > 0, density + epsilon < 1 else {
        throw place.fault(
          "keeps elements of the tensor \(name) with probabilities from \(short(density - epsilon))"
            + " to \(short(density + epsilon)) (density \(density), epsilon \(epsilon))",
          remedy: "density - epsilon is above 0 and density + epsilon below 1; make epsilon smaller"
        )
      }
    }
  }
}
