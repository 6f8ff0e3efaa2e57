import Checkpoints

/// Checks that the sources of a merge are what its methods ask for.
struct SourceCheck {
  let merge: RecipeMerge

  func check() throws(CheckpointError) {
    for slice in merge.slices {
      var seen: Set<ModelReference> = []
      for source in slice.sources {
        guard seen.insert(source.model).inserted else {
          throw source.place.fault("is a model that is there already", remedy: "name it once")
        }
        let length = slice.sources.first?.layers?.count
        guard source.layers?.count == length else {
          throw source.place.fault(
            "gives \(source.layers?.count ?? 0) layers where the first source gives \(length ?? 0)",
            remedy: "all sources of a slice give the same number of layers")
        }
      }
      try check(merge.method, slice, at: slice.place)
      for rule in merge.rules {
        if let method = rule.method { try check(method, slice, at: rule.place) }
      }
    }
  }

  private func check(
    _ method: MethodSpecification, _ slice: RecipeSlice, at place: RecipePlace
  ) throws(CheckpointError) {
    let operands = SliceOperands(slice: slice, merge: merge, method: method)
    if method.base == .required, operands.base == nil {
      throw place.fault("needs a base for \(method.name)", remedy: "add base_model: NAME")
    }
    if method.base != .ordinary, let base = slice.base ?? merge.base, slice.isPartial,
      !slice.sources.contains(where: { $0.model == base })
    {
      throw place.fault(
        "leaves open which layers of the base belong to it",
        remedy: "list the base among the sources, with its layer_range")
    }
    let count = operands.sources.count - (operands.base == nil ? 0 : 1)
    guard method.sources.contains(count) else {
      let beside = operands.base == nil ? "" : " beside the base"
      throw place.fault(
        "has \(counted(count, "source"))\(beside); \(method.name) takes \(method.sourcesText)",
        remedy: "add or leave out models")
    }
  }
}
