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
    if HDF5Layouter.keepsBytes(request, template: template) {
      return VerbatimLayout(template: template, tree: tree, request: request)
    }
    return try RebuiltLayout(template: template, tree: tree, request: request)
  }

  /// The blueprint of an output that is the template's bytes with new values, without attributes;
  /// nil where the file has to be laid out anew.
  package func verbatimBlueprint(_ request: OutputRequest, template: Checkpoint) -> Blueprint? {
    guard HDF5Layouter.keepsBytes(request, template: template) else { return nil }
    return VerbatimLayout.blueprint(request, template: template)
  }

  /// Whether everything that is written has its place in the template.
  private static func keepsBytes(_ request: OutputRequest, template: Checkpoint) -> Bool {
    if case .gzip = request.storage { return false }
    if request.dropsOptimizer, template.tensors.contains(where: { $0.role == .optimizer }) {
      return false
    }
    return request.written.allSatisfy { place, type in
      let tensor = template.tensors[place]
      guard case .contiguous = tensor.storage else { return false }
      return tensor.elementType == type
    }
  }
}
