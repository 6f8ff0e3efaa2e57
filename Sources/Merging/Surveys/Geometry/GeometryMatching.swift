import Checkpoints

/// Which tensors all inputs have in common, and why others can't be compared.
struct GeometryMatching {
  /// The places of each common tensor in the inputs.
  private(set) var common: [[Int]] = []
  private(set) var skipped: [CheckpointGeometry.Skipped] = []

  /// Matches by name, in the order of the first input.
  init(_ inputs: [Checkpoint], selects: (TensorName) -> Bool) {
    for (place, tensor) in inputs[0].tensors.enumerated()
    where tensor.isMergeable && selects(tensor.name) && tensor.elementCount > 0 {
      var places = [place]
      for input in inputs.dropFirst() {
        guard let reason = GeometryMatching.obstacle(tensor, in: input) else {
          if let other = input.index(of: tensor.name) { places.append(other) }
          continue
        }
        skipped.append(.init(name: tensor.name, file: input.file.name, reason: reason))
        break
      }
      if case .unsupported(let reason) = tensor.storage {
        skipped.append(.init(name: tensor.name, file: inputs[0].file.name, reason: reason))
      } else if places.count == inputs.count {
        common.append(places)
      }
    }
    for input in inputs.dropFirst() {
      for tensor in input.tensors
      where tensor.isMergeable && selects(tensor.name) && inputs[0].index(of: tensor.name) == nil {
        skipped.append(.init(name: tensor.name, file: inputs[0].file.name, reason: "is missing"))
      }
    }
  }

  /// Why a tensor can't be compared with an input's, or nil.
  private static func obstacle(_ tensor: Tensor, in input: Checkpoint) -> String? {
    guard let place = input.index(of: tensor.name) else { return "is missing" }
    let other = input.tensors[place]
    if other.shape != tensor.shape {
      return "has shape \(shapeText(other.shape)) instead of \(shapeText(tensor.shape))"
    }
    if !other.isMergeable { return "holds \(other.elementType), which isn't merged" }
    if case .unsupported(let reason) = other.storage { return reason }
    return nil
  }
}
