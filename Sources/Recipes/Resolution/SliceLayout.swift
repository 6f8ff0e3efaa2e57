import Checkpoints

/// The tensors of a merge's output: the template's, or layers put together from slices.
///
/// With slices, layer j of the output is made of layer `first + offset` of each source; tensors that
/// belong to no layer come from the first slice if they stand before the layers, as embeddings do,
/// else from the last.
struct SliceLayout {
  let merge: RecipeMerge
  let template: ModelReference
  let views: [ModelReference: ModelView]

  func outlines() throws(CheckpointError) -> [MergeResolver.Outline] {
    guard let view = views[template] else { throw merge.place.fault("has no models") }
    let order = view.inventory.order
    guard merge.slices.contains(where: \.isPartial) else {
      return view.inventory.names.map { name in
        MergeResolver.Outline(
          name: name, origin: name, slice: 0, position: order.position(of: name),
          offset: order.place(of: name)?.layer)
      }
    }
    let stack = try Self.stack(of: view, merge)
    var before: [MergeResolver.Outline] = []
    var behind: [MergeResolver.Outline] = []
    for name in view.inventory.names where order.place(of: name)?.stack != stack {
      let isFirst = Self.standsBeforeLayers(name)
      let outline = MergeResolver.Outline(
        name: name, origin: name, slice: isFirst ? 0 : merge.slices.count - 1, position: 0,
        offset: nil)
      if isFirst { before.append(outline) } else { behind.append(outline) }
    }
    return before + (try layers()) + behind
  }

  /// The layers of all slices.
  private func layers() throws(CheckpointError) -> [MergeResolver.Outline] {
    var outlines: [MergeResolver.Outline] = []
    var layer = 0
    for (index, slice) in merge.slices.enumerated() {
      for source in slice.sources { try checkRange(of: source) }
      guard let first = slice.sources.first, let range = first.layers,
        let view = views[first.model]
      else { throw slice.place.fault("has no layers") }
      let byLayer = try namesByLayer(of: view)
      for (offset, sourceLayer) in range.enumerated() {
        let position = LayerOrder.position(of: offset, among: range.count)
        for name in byLayer[sourceLayer] ?? [] {
          guard let moved = view.inventory.order.name(name, movedTo: layer) else {
            throw slice.place.fault(
              "would move layer \(sourceLayer) of \(view.name) to place \(layer), but names of its"
                + " tensors (\(name)) hold no number of a layer",
              remedy: "slices of such files keep each layer in its place")
          }
          outlines.append(
            MergeResolver.Outline(
              name: moved, origin: name, slice: index, position: position, offset: offset))
        }
        layer += 1
      }
    }
    return outlines
  }

  private func namesByLayer(
    of view: ModelView
  ) throws(CheckpointError) -> [Int: [TensorName]] {
    let stack = try Self.stack(of: view, merge)
    var names: [Int: [TensorName]] = [:]
    for name in view.inventory.names {
      guard let place = view.inventory.order.place(of: name), place.stack == stack else { continue }
      names[place.layer, default: []].append(name)
    }
    return names
  }

  private func checkRange(of source: RecipeSource) throws(CheckpointError) {
    guard let layers = source.layers, let view = views[source.model] else { return }
    let stack = view.inventory.order.stacks[try Self.stack(of: view, merge)]
    guard layers.upperBound <= stack.count else {
      throw source.place.fault(
        "takes layers \(layers.lowerBound) to \(layers.upperBound - 1), but \(view.name) has"
          + " \(counted(stack.count, "layer"))\(stack.prefix.isEmpty ? "" : " in \(stack.prefix)")",
        remedy: "layer_range ends at \(stack.count) at most")
    }
  }

  /// The stack that slices are about.
  private static func stack(
    of view: ModelView, _ merge: RecipeMerge
  ) throws(CheckpointError) -> Int {
    let order = view.inventory.order
    if let stack = order.longest { return stack }
    let stacks = order.stacks.map(\.prefix).joined(separator: ", ")
    throw merge.place.fault(
      order.stacks.isEmpty
        ? "has slices, but the names of \(view.name) show no layers"
        : "has slices, but \(view.name) has several runs of layers alike: \(stacks)",
      remedy: "merge whole models, with filters or rules for parts of them")
  }

  /// Whether a tensor of no layer belongs to the input's side of the network.
  private static func standsBeforeLayers(_ name: TensorName) -> Bool {
    inputMarks.contains { name.bytes.holds($0) }
  }

  /// Parts of the names that embeddings and other first steps have.
  private static let inputMarks = ["embed", "wte", "wpe", "patch", "stem", "tok_"].map {
    Array($0.utf8)
  }
}
