/// One merge of a recipe: a document, an entry of `recipes`, or a recipe in a model's place.
package struct RecipeMerge: Sendable {
  /// The name by which others use it, if any.
  package let name: String?
  /// Where it stands.
  package let place: RecipePlace
  /// The method of tensors for which no rule names another.
  package let method: MethodSpecification
  /// The base of slices that name none themselves.
  package let base: ModelReference?
  /// The parts of the output in order; whole models are one slice without ranges.
  package let slices: [RecipeSlice]
  /// Parameters of the module, mergekit's scope between a slice and the whole.
  package let moduleParameters: ParameterSettings
  /// Parameters of the whole.
  package let parameters: ParameterSettings
  /// What holds for some tensors only; the first that matches a tensor counts.
  package let rules: [TensorRule]

  /// All models that it names.
  var models: [ModelReference] {
    (base.map { [$0] } ?? [])
      + slices.flatMap { ($0.base.map { [$0] } ?? []) + $0.sources.map(\.model) }
  }
}

/// What a source of a merge is.
package enum ModelReference: Hashable, Sendable {
  /// A file or folder, as the recipe names it.
  case file(String)
  /// The result of another merge of the recipe, by its index.
  case merge(Int)
}

/// A run of layers of the output, and what they are made of.
package struct RecipeSlice: Sendable {
  /// Where it stands.
  package let place: RecipePlace
  /// The sources.
  package let sources: [RecipeSource]
  /// The base; nil for the merge's.
  package let base: ModelReference?
  /// Parameters of this slice.
  package let parameters: ParameterSettings
}

/// A model as one source of a slice.
package struct RecipeSource: Sendable {
  /// Where it stands.
  package let place: RecipePlace
  /// The model.
  package let model: ModelReference
  /// The layers that it gives; nil for all.
  package let layers: Range<Int>?
  /// Parameters of this source.
  package let parameters: ParameterSettings
}
