public import Checkpoints
import Zip

/// Writes `.npz` files of any tensors, as `numpy.savez` does.
public struct ArchiveWriter: CheckpointWriter {
  /// A writer.
  public init() {}

  /// NumPy's name for the format.
  public var name: String { "npz" }
  /// Every array of the format owns its bytes.
  public var keepsTies: Bool { false }

  /// Stores every array as a member; of the metadata only what the programs themselves need has a
  /// place, the archive's comment.
  public func layout(
    _ tensors: [NewTensor], attributes: [Checkpoint.Attribute], file: String
  ) throws(CheckpointError) -> any NewFile {
    var members: [ZipMember] = []
    for tensor in tensors {
      guard let type = ArrayType.typeString(tensor.elementType, .little) else {
        throw .unusable(
          file, tensor: tensor.name, "NumPy's files have no type \(tensor.elementType)",
          remedy: "choose --dtype float32, or leave it out with --exclude")
      }
      guard !tensor.name.bytes.contains(0) else {
        throw .unusable(
          file, tensor: tensor.name, "a zip can't have this name", remedy: "use --rename")
      }
      members.append(
        ZipMember(
          TensorName(bytes: tensor.name.bytes + Array(".npy".utf8)),
          head: ArrayHeader.bytes(typeString: type, shape: tensor.shape),
          length: tensor.byteCount))
    }
    let own = attributes.filter { $0.name == "ctl_merge" }
    return NewArchive(
      layout: try ZipLayout(members, comment: ZipComment([]).with(own).bytes, file: file))
  }
}

/// A new archive.
struct NewArchive: NewFile {
  let layout: ZipLayout

  var estimatedSize: Int { layout.size }

  func prepare(_ output: StagedFile) throws(CheckpointError) -> [Extent] {
    try layout.prepare(output)
    return layout.data
  }

  func finish(_ output: StagedFile) throws(CheckpointError) {
    try layout.finish(output)
  }
}
