public import Checkpoints
import HDF5

/// HDF5 files of tensors: those that Keras writes, and any other tree.
public struct KerasFormat: CheckpointFormat {
  /// The format.
  public init() {}

  /// HDF5: Keras's layouts are told apart when a file is open.
  public var name: String { "HDF5" }

  /// Whether the file begins as HDF5 files do, behind a user block or not.
  public func recognises(_ file: InputFile) throws(CheckpointError) -> Bool {
    try HDF5Tree.recognises(file)
  }

  /// Surveys the file and gives its tensors the order, the layers and the roles that Keras's lists
  /// and names tell.
  public func open(_ file: InputFile) throws(CheckpointError) -> Checkpoint {
    let tree = try HDF5Tree.survey(file)
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
          file.name, tensor: dataset.path, "declares more elements than can be addressed",
          remedy: "the file is damaged; fetch it again")
      }
      tensors.append(tensor)
      ranks.append(note.rank)
    }
    // Within a rank the file's order stays. Places are sorted and not tensors, which are dear to move.
    let order = tensors.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    return Checkpoint(
      file: file, format: layout.kind.rawValue, tensors: order.map { tensors[$0] },
      attributes: tree.groups[0].attributes.compactMap(\.metadata),
      inconsistencies: layout.inconsistencies, layouter: HDF5Layouter(tree))
  }
}
