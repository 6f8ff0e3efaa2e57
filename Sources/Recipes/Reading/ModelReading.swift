import Checkpoints

extension RecipeReader {
  /// What a model's field refers to: a name of this recipe, a file, or a recipe in its place.
  mutating func model(_ field: RecipeField) throws(CheckpointError) -> ModelReference {
    guard case .mapping(let nodes) = field.node.content else { return try named(field) }
    if nodes.contains(where: { $0.key == "recipe" }) {
      let members = try field.members(known: ["recipe"])
      guard let recipe = members["recipe"] else {
        throw field.place.fault("has an empty recipe", remedy: "write a merge or its name")
      }
      return try inner(recipe)
    }
    let members = try field.members(
      known: ["model", "path", "revision", "lora", "override_architecture"])
    if let lora = members["lora"] {
      throw lora.place.fault(
        "names a LoRA", remedy: "merge it first: ctl-merge lora apply")
    }
    if let revision = members["revision"] {
      throw revision.place.fault(
        "names a revision of a hub", remedy: "download it, and name its folder")
    }
    if let field = members["override_architecture"] {
      warnings.append(
        field.place.note(
          "has no effect: there is no table of architectures", remedy: "leave it out"))
    }
    guard let model = members["model"] ?? members["path"] else {
      throw field.place.fault("has no model", remedy: "write the name of a file or a folder")
    }
    return try self.model(model)
  }

  /// A recipe that stands where a model's name could.
  private mutating func inner(_ field: RecipeField) throws(CheckpointError) -> ModelReference {
    if case .scalar = field.node.content {
      let name = try field.text()
      guard let index = names[name] else {
        throw field.place.fault(
          "'\(name)' is no recipe of this file",
          remedy: Suggestion.remedy(for: name, among: names.keys.sorted()))
      }
      used.insert(name)
      return .merge(index)
    }
    let members = try field.members(known: MergeReading.keys)
    let merge = try merge(field, members, name: nil, isInner: true)
    merges.append(merge)
    return .merge(merges.count - 1)
  }

  /// A name of this recipe, or a file.
  private mutating func named(_ field: RecipeField) throws(CheckpointError) -> ModelReference {
    let name = try field.text()
    if let path = sources[name] {
      used.insert(name)
      return .file(path)
    }
    if let index = names[name] {
      used.insert(name)
      return .merge(index)
    }
    for (mark, meaning, remedy) in [
      ("+", "a LoRA", "merge it first: ctl-merge lora apply"),
      ("@", "a revision of a hub", "download it, and name its folder"),
    ] where name.contains(mark) {
      throw field.place.fault(
        "'\(name)' names \(meaning) behind its \(mark)",
        remedy:
          "\(remedy); if the \(mark) belongs to the file's name, list the file under 'sources'")
    }
    return .file(name)
  }
}
