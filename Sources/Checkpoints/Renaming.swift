/// Other names for tensors: rules of a map first, then patterns, each applied to what the last gave.
public struct Renaming: Sendable {
  private let rules: [@Sendable (TensorName) -> TensorName]

  /// A renaming by rules in their order.
  public init(_ rules: [@Sendable (TensorName) -> TensorName]) {
    self.rules = rules
  }

  /// Whether it changes nothing.
  public var isEmpty: Bool { rules.isEmpty }

  /// The new name.
  public func callAsFunction(_ name: TensorName) -> TensorName {
    rules.reduce(name) { $1($0) }
  }

  /// A checkpoint whose tensors have new names; everything else is as it was.
  ///
  /// - Parameter checkpoint: The checkpoint; not one on which an output is modelled.
  /// - Returns: The renamed checkpoint.
  /// - Throws: ``CheckpointError`` where two tensors would have one name.
  public func applied(to checkpoint: Checkpoint) throws(CheckpointError) -> Checkpoint {
    if isEmpty { return checkpoint }
    var seen: [TensorName: TensorName] = [:]
    var tensors: [Tensor] = []
    for tensor in checkpoint.tensors {
      let names = [tensor.name] + tensor.aliases
      let renamed = names.map { self($0) }
      for (old, new) in zip(names, renamed) {
        if let other = seen.updateValue(old, forKey: new) {
          throw .unusable(
            checkpoint.file.name, tensor: old, "would have the name \(new), which \(other) has",
            remedy: "give them different names with --rename or --map")
        }
      }
      guard let new = tensor.named(renamed[0], aliases: Array(renamed.dropFirst())) else {
        continue
      }
      tensors.append(new)
    }
    return checkpoint.holding(tensors)
  }
}

extension Tensor {
  /// The same tensor under other names.
  package func named(_ name: TensorName, aliases: [TensorName]) -> Tensor? {
    Tensor(
      name: name, aliases: aliases, shape: shape, elementType: elementType, byteOrder: byteOrder,
      role: role, isVariance: isVariance, layer: layer, storage: storage, attributes: attributes)
  }
}
