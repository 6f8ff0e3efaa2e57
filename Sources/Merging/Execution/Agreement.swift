import Checkpoints

/// Whether the inputs agree on what isn't merged: counters, seeds, integers, masks.
enum Agreement {
  /// Compares the values and notes where the template's were taken although others differ.
  ///
  /// - Parameter plan: The merge.
  /// - Returns: A note per tensor that differs.
  /// - Throws: ``CheckpointError`` where a file can't be read.
  static func check(_ plan: MergePlan) throws(CheckpointError) -> [String] {
    var notes: [String] = []
    var scratch = ChunkScratch()
    for case .agree(let places) in plan.actions {
      guard let place = places[0] else { continue }
      let own = plan.template.tensors[place]
      var differing: [String] = []
      for (input, place) in zip(plan.inputs, places).dropFirst() {
        let agrees: Bool
        if let place {
          agrees = try agree(
            own, in: plan.template, input.tensors[place], in: input, scratch: &scratch)
        } else {
          agrees = false
        }
        if !agrees { differing.append(input.file.name) }
      }
      guard !differing.isEmpty else { continue }
      notes.append(
        "tensor \(own.name): \(own.elementType) (\(own.role.rawValue)) isn't merged and differs or is missing in "
          + "\(differing.joined(separator: ", ")); taken from \(plan.template.file.name)")
    }
    return notes
  }

  private static func agree(
    _ a: Tensor, in first: Checkpoint, _ b: Tensor, in second: Checkpoint,
    scratch: inout ChunkScratch
  ) throws(CheckpointError) -> Bool {
    guard a.elementType == b.elementType, a.shape == b.shape else { return false }
    if case .unsupported = a.storage { return true }
    if case .unsupported = b.storage { return false }
    let block = 1 << 16
    for start in stride(from: 0, to: a.elementCount, by: block) {
      let elements = start..<min(start + block, a.elementCount)
      let left = try first.littleEndianBytes(of: a, elements, scratch: &scratch)
      let right = try second.littleEndianBytes(of: b, elements, scratch: &scratch)
      if left != right { return false }
    }
    return true
  }
}
