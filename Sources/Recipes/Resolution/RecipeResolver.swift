package import Checkpoints

extension Recipe {
  /// Works out what becomes of each tensor, from the checkpoints' names alone.
  ///
  /// - Parameters:
  ///   - inventories: The tensors of each of ``files``.
  ///   - compatibility: Whose defaults count where the recipe doesn't say.
  /// - Returns: The outputs with their tensors.
  /// - Throws: ``CheckpointError`` where a tensor is missing, layers are out of range, a parameter is
  ///   missing or impossible; where the recipe is strict, for warnings too.
  package func resolved(
    with inventories: [String: ModelInventory], compatibility: Compatibility = .paper
  ) throws(CheckpointError) -> RecipeResolution {
    var resolver = RecipeResolver(
      recipe: self, inventories: inventories,
      compatibility: options.compatibility ?? compatibility)
    var resolved: [ResolvedOutput] = []
    for output in outputs {
      let model = try resolver.model(of: main, output: output.parameters)
      resolved.append(ResolvedOutput(name: output.name, tensors: model.tensors))
    }
    if options.isStrict, let first = resolver.warnings.first {
      throw .unusable(file, "is strict, and there is a warning: \(first)")
    }
    return RecipeResolution(outputs: resolved, warnings: resolver.warnings)
  }
}

/// Resolves merges, each that is used by others once.
struct RecipeResolver {
  let recipe: Recipe
  let inventories: [String: ModelInventory]
  let compatibility: Compatibility
  var table = SettingsTable()
  var warnings: [String] = []
  private var views: [ModelReference: ModelView] = [:]

  init(recipe: Recipe, inventories: [String: ModelInventory], compatibility: Compatibility) {
    self.recipe = recipe
    self.inventories = inventories
    self.compatibility = compatibility
  }

  /// The tensors of a merge.
  struct Model {
    let tensors: [ResolvedTensor]
    let view: ModelView
  }

  /// Resolves a merge; what it takes from other merges is resolved first.
  mutating func model(
    of index: Int, output: ParameterSettings = [:]
  ) throws(CheckpointError) -> Model {
    let merge = recipe.merges[index]
    for model in merge.models { try look(at: model) }
    guard let template = merge.models.first, let templateView = views[template] else {
      throw merge.place.fault("has no models")
    }
    var resolver = MergeResolver(
      merge: merge, template: template, views: views, output: output,
      compatibility: compatibility, table: table)
    let tensors = try resolver.tensors()
    table = resolver.table
    for warning in resolver.warnings where !warnings.contains(warning) { warnings.append(warning) }
    let name = merge.name ?? "the recipe at line \(merge.place.line)"
    let view = ModelView(name: name, tensors: tensors, hints: templateView.hints)
    return Model(tensors: tensors, view: view)
  }

  /// Has a view of a model ready.
  private mutating func look(at model: ModelReference) throws(CheckpointError) {
    if views[model] != nil { return }
    switch model {
    case .file(let path):
      guard let inventory = inventories[path] else {
        throw .unusable(path, "was not surveyed", remedy: "survey all files of the recipe")
      }
      views[model] = ModelView(file: path, inventory: inventory)
    case .merge(let index):
      views[model] = try self.model(of: index).view
    }
  }
}
