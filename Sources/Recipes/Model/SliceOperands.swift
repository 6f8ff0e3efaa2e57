/// The operands of a method in a slice, in the order in which the method takes them.
struct SliceOperands {
  /// The base from which the others are differences; the first of `sources` then.
  let base: ModelReference?
  /// The models.
  let sources: [RecipeSource]

  init(slice: RecipeSlice, merge: RecipeMerge, method: MethodSpecification) {
    let given = slice.base ?? merge.base
    var sources = slice.sources
    if let given, !slice.isPartial, !sources.contains(where: { $0.model == given }) {
      // mergekit too takes a base that isn't listed as one more source.
      sources.append(
        RecipeSource(place: slice.place, model: given, layers: nil, parameters: [:]))
    }
    if let given, method.base != .ordinary,
      let index = sources.firstIndex(where: { $0.model == given })
    {
      sources.insert(sources.remove(at: index), at: 0)
      base = method.hasBase(given: true) ? given : nil
    } else {
      base = nil
    }
    self.sources = sources
  }
}

extension RecipeSlice {
  /// Whether it is a run of layers, not whole models.
  var isPartial: Bool { sources.first?.layers != nil }
}
