package import Checkpoints

/// The tensors of a checkpoint that a merge may touch, by name; no values.
package struct ModelInventory: Sendable {
  /// The names in the file's order.
  package let names: [TensorName]
  /// The layers.
  package let order: LayerOrder
  private let known: Set<TensorName>

  /// The tensors of a checkpoint.
  ///
  /// - Parameter tensors: The names in the file's order, with the rank of the layer where the format
  ///   knows it (see ``LayerOrder``).
  package init(tensors: [(name: TensorName, layerIndexHint: Int?)]) {
    names = tensors.map(\.name)
    order = LayerOrder(names: tensors)
    known = Set(names)
  }

  /// Whether there is a tensor of the name.
  package func holds(_ name: TensorName) -> Bool {
    known.contains(name)
  }
}

/// A model as a merge sees it: a checkpoint, or the result of another merge.
struct ModelView {
  /// The name for errors.
  let name: String
  let inventory: ModelInventory
  /// The tensors of another merge; nil for a checkpoint.
  let merged: [TensorName: ResolvedTensor]?

  /// A checkpoint.
  init(file: String, inventory: ModelInventory) {
    self.name = file
    self.inventory = inventory
    self.merged = nil
  }

  /// The result of a merge.
  init(name: String, tensors: [ResolvedTensor], hints: [TensorName: Int]) {
    self.name = name
    inventory = ModelInventory(tensors: tensors.map { ($0.name, hints[$0.name]) })
    merged = Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }
  }

  /// The tensor of a name; nil where there is none.
  func operand(_ tensor: TensorName) -> ResolvedTensor.Operand? {
    guard let merged else {
      return inventory.holds(tensor) ? .stored(file: name, name: tensor) : nil
    }
    return merged[tensor].map { .nested($0) }
  }

  /// The ranks of layers where the names don't tell them.
  var hints: [TensorName: Int] {
    var hints: [TensorName: Int] = [:]
    for name in inventory.names {
      if let place = inventory.order.place(of: name), place.digits == nil {
        hints[name] = place.layer
      }
    }
    return hints
  }
}
