import Checkpoints
import HDF5

/// What an HDF5 file holds, in the order, the layers and the roles that Keras's lists and names tell.
struct KerasSurvey {
  let tree: HDF5Tree
  let kind: KerasLayout.Kind
  let tensors: [Tensor]
  let attributes: [Checkpoint.Attribute]
  let inconsistencies: [String]

  /// Surveys a file, or a member of an archive as a file.
  ///
  /// - Throws: ``CheckpointError`` where it is damaged or uses what isn't supported.
  init(_ file: InputFile) throws(CheckpointError) {
    try self.init(try HDF5Tree.survey(file), file: file.name)
  }

  /// Reads a tree.
  ///
  /// - Parameters:
  ///   - tree: What a file holds, or several that stand together as one.
  ///   - file: The name that errors use.
  /// - Throws: ``CheckpointError`` where sizes can't be right.
  init(_ tree: HDF5Tree, file: String) throws(CheckpointError) {
    let layout = KerasLayout(of: tree)
    var tensors: [Tensor] = []
    var ranks: [TensorRank] = []
    for dataset in tree.datasets {
      guard let shape = dataset.shape else { continue }
      let note = layout.note(on: dataset)
      guard
        let tensor = Tensor(
          name: dataset.path, aliases: dataset.aliases, shape: shape,
          elementType: dataset.type.element, byteOrder: dataset.type.byteOrder,
          role: note.verdict.role, isVariance: note.verdict.isVariance, layer: note.layer,
          storage: dataset.storage, attributes: dataset.attributes.compactMap(\.metadata))
      else {
        throw .unusable(
          file, tensor: dataset.path, "declares more elements than can be addressed",
          remedy: "the file is damaged; fetch it again")
      }
      tensors.append(tensor)
      ranks.append(note.rank)
    }
    // Within a rank the file's order stays. Places are sorted and not tensors, which are dear to move.
    let order = tensors.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    self.tree = tree
    kind = layout.kind
    self.tensors = order.map { tensors[$0] }
    attributes = tree.groups[0].attributes.compactMap(\.metadata)
    inconsistencies = layout.inconsistencies
  }
}
