import Checkpoints

/// Lays out a `.npy` file: a header and the one array behind it.
struct ArrayFileLayouter: OutputLayouter {
  func layout(
    _ request: OutputRequest, template: Checkpoint
  ) throws(CheckpointError) -> any OutputLayout {
    try NumPyTypes.refuseCompression(request)
    if request.needsAttributes {
      throw .unusable(
        template.file.name, "is a .npy file, which can't say that it holds a task vector",
        remedy: "store the model in a .npz file with numpy.savez")
    }
    guard let type = request.written[0] else {
      throw .unusable(template.file.name, "holds no array that a merge writes")
    }
    let tensor = template.tensors[0]
    let text = try NumPyTypes.typeString(type, tensor, template.file.name)
    return ArrayFileLayout(
      header: ArrayHeader.bytes(typeString: text, shape: tensor.shape), type: type, tensor: tensor)
  }
}

/// The layout of one `.npy` file; it has no place for attributes.
struct ArrayFileLayout: OutputLayout {
  let header: [UInt8]
  let type: ElementType
  let tensor: Tensor

  private var length: Int { tensor.elementCount * (type.byteCount ?? 0) }

  var estimatedSize: Int { header.count + length }
  var summary: String { "one array, without a record of how it was made" }

  func prepare(_ output: StagedFile) throws(CheckpointError) -> Blueprint {
    try output.reserve(estimatedSize)
    try output.write(unsafe header.span.bytes, at: 0)
    guard let extent = Extent(offset: header.count, length: length) else {
      return Blueprint(copies: [], targets: [])
    }
    let target = Blueprint.Target(
      tensor: 0, elementType: type, byteOrder: tensor.byteOrder, place: .contiguous(extent))
    return Blueprint(copies: [], targets: [target])
  }

  func finish(_ output: StagedFile) throws(CheckpointError) {}
}
