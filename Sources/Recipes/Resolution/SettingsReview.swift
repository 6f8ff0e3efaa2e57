import Checkpoints

/// Finds settings that can't have the effect that somebody wanted.
struct SettingsReview {
  let merge: RecipeMerge
  /// The tensors of the output.
  let names: [TensorName]
  let views: [ModelReference: ModelView]
  let output: ParameterSettings

  /// Notes about filters that match no tensor, and gradients where there are no layers.
  func notes() -> [String] {
    var notes: [String] = []
    let scopes =
      [output, merge.parameters, merge.moduleParameters] + merge.rules.map(\.parameters)
      + merge.slices.map(\.parameters)
    for scope in scopes { notes += review(scope, names) }
    for source in merge.slices.flatMap(\.sources) {
      notes += review(source.parameters, names(of: source))
    }
    return notes
  }

  /// The tensors that a source gives.
  private func names(of source: RecipeSource) -> [TensorName] {
    guard let inventory = views[source.model]?.inventory else { return [] }
    guard let layers = source.layers, let stack = inventory.order.longest else {
      return inventory.names
    }
    return inventory.names.filter { name in
      guard let place = inventory.order.place(of: name), place.stack == stack else { return true }
      return layers.contains(place.layer)
    }
  }

  private func review(_ settings: ParameterSettings, _ names: [TensorName]) -> [String] {
    var notes: [String] = []
    let ordered = settings.values.sorted {
      ($0.place.line, $0.place.path) < ($1.place.line, $1.place.path)
    }
    for entry in ordered.flatMap(\.cases) {
      if let filter = entry.filter, !names.contains(where: entry.covers) {
        notes.append(
          entry.place.note("matches no tensor: '\(filter)'", remedy: remedy(filter, names)))
      }
      if entry.gradient.values.count > 1, !hasLayers {
        notes.append(
          entry.place.note(
            "is a list along the layers, but the names of the tensors show none",
            remedy: "only its first value counts"))
      }
    }
    return notes
  }

  private var hasLayers: Bool {
    views.values.contains { !$0.inventory.order.stacks.isEmpty }
  }

  /// The part of a name that was meant, if one is near.
  private func remedy(_ filter: String, _ names: [TensorName]) -> String {
    var parts: Set<String> = []
    for name in names {
      for part in name.text.split(whereSeparator: { $0 == "." || $0 == "/" }) {
        parts.insert(String(part))
      }
      // More parts than this are numbers and layers' names, and the nearest is among the first.
      if parts.count > 2000 { break }
    }
    if let nearest = Suggestion.nearest(to: filter, among: parts.sorted()) {
      return "did you mean '\(nearest)'?"
    }
    return "a filter is a part of a name, such as \(names.first?.description ?? "none")"
  }
}
