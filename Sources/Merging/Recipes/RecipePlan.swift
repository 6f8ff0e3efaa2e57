package import Checkpoints
package import Recipes

/// What a recipe's output is made with beside the recipe's words.
package struct RecipeContext: Sendable {
  /// The sources, by what the recipe calls them.
  package let checkpoints: [String: Checkpoint]
  /// The name of the template.
  package let template: String
  /// How the output is written.
  package let output: MergeRecipe
  /// Whose formulas count.
  package let compatibility: Compatibility
  /// What the output says about its making; nil where it says nothing.
  package let provenance: Provenance?
  /// Makes the layouter of an output whose tensors aren't the template's.
  package let writer: @Sendable () throws(CheckpointError) -> any OutputLayouter

  /// A context.
  package init(
    checkpoints: [String: Checkpoint], template: String, output: MergeRecipe,
    compatibility: Compatibility, provenance: Provenance?,
    writer: @escaping @Sendable () throws(CheckpointError) -> any OutputLayouter
  ) {
    self.checkpoints = checkpoints
    self.template = template
    self.output = output
    self.compatibility = compatibility
    self.provenance = provenance
    self.writer = writer
  }
}

extension MergePlan {
  /// Plans one output of a recipe.
  ///
  /// - Parameters:
  ///   - resolved: What becomes of each tensor.
  ///   - context: The sources and how the output is written.
  ///   - warnings: What a person should know of the recipe.
  /// - Throws: ``CheckpointError`` that lists everything that doesn't fit.
  package init(
    _ resolved: ResolvedOutput, in context: RecipeContext, warnings: [String]
  ) throws(CheckpointError) {
    var planner = RecipePlanner(context)
    try planner.plan(resolved)
    var recipe = context.output
    if planner.isRemade { recipe.layouter = try context.writer() }
    try self.init(
      recipe, inputs: planner.inputs, kinds: planner.inputs.map(Provenance.kind(of:)),
      methods: planner.methods, actions: planner.actions, provenance: context.provenance,
      warnings: warnings)
  }
}

extension MergeSettings {
  /// The files of the sources' statistics.
  package var statisticsFiles: [String] {
    perSource.compactMap { parameters in
      guard case .text(let file) = parameters["statistics"] else { return nil }
      return file
    }
  }
}
