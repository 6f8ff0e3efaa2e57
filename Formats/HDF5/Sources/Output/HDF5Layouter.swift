package import Checkpoints

/// Lays out HDF5 files like a given one.
package struct HDF5Layouter: OutputLayouter {
  private let tree: HDF5Tree

  /// A layouter for files like the one with this tree.
  package init(_ tree: HDF5Tree) {
    self.tree = tree
  }

  package func layout(
    _ request: OutputRequest, template: Checkpoint
  ) throws(CheckpointError) -> any OutputLayout {
    let dropsTensors =
      request.dropsOptimizer && template.tensors.contains { $0.role == .optimizer }
    var staysInPlace = request.written.allSatisfy { place, type in
      let tensor = template.tensors[place]
      guard case .contiguous = tensor.storage else { return false }
      return tensor.elementType == type
    }
    if case .gzip = request.storage { staysInPlace = false }
    if staysInPlace, !dropsTensors {
      return VerbatimLayout(template: template, tree: tree, request: request)
    }
    return try RebuiltLayout(template: template, tree: tree, request: request)
  }
}
