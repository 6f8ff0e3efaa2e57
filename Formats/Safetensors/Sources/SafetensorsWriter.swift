public import Checkpoints

/// Writes safetensors files of any tensors.
public struct SafetensorsWriter: CheckpointWriter {
  /// A writer.
  public init() {}

  /// The format's own name.
  public var name: String { "safetensors" }
  /// Every tensor of the format owns its bytes.
  public var keepsTies: Bool { false }

  /// Puts wide types first, as the reference library does, so that their elements are aligned.
  public func layout(
    _ tensors: [NewTensor], attributes: [Checkpoint.Attribute], file: String
  ) throws(CheckpointError) -> any NewFile {
    var entries: [SafetensorsPlan.Entry] = []
    for tensor in tensors {
      guard let type = SafetensorsType.name(tensor.elementType) else {
        throw .unusable(
          file, tensor: tensor.name, "safetensors has no type \(tensor.elementType)",
          remedy: "leave it out with --exclude, or choose another --dtype")
      }
      guard String(validating: tensor.name.bytes, as: UTF8.self) != nil,
        tensor.name != TensorName("__metadata__")
      else {
        throw .unusable(
          file, tensor: tensor.name, "safetensors can't have this name", remedy: "use --rename")
      }
      entries.append(
        SafetensorsPlan.Entry(
          name: tensor.name, type: type, shape: tensor.shape, length: tensor.byteCount))
    }
    func size(_ place: Int) -> Int { tensors[place].elementType.byteCount ?? 0 }
    let order = tensors.indices.sorted { (-size($0), $0) < (-size($1), $1) }
    let metadata = attributes.map { SafetensorsHeader.Pair(key: $0.name, value: $0.value) }
    let plan = try SafetensorsPlan(order.map { entries[$0] }, metadata: metadata, file: file)
    var extents: [Int: Extent] = [:]
    for (place, extent) in zip(order, plan.extents) { extents[place] = extent }
    return NewSafetensorsFile(plan: plan, extents: tensors.indices.compactMap { extents[$0] })
  }
}

/// A new safetensors file: a header, and the data behind it.
struct NewSafetensorsFile: NewFile {
  let plan: SafetensorsPlan
  /// The ranges in the order in which the tensors were given.
  let extents: [Extent]

  var estimatedSize: Int { plan.size }

  func prepare(_ output: StagedFile) throws(CheckpointError) -> [Extent] {
    try output.reserve(plan.size)
    try output.write(unsafe plan.header.span.bytes, at: 0)
    return extents
  }

  func finish(_ output: StagedFile) throws(CheckpointError) {}
}
