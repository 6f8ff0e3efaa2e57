public import Checkpoints

/// GGUF files of llama.cpp, which are read and never written; quantised tensors are listed.
public struct GGUFFormat: CheckpointFormat {
  private static let magic = Array("GGUF".utf8)

  /// The format.
  public init() {}

  /// The format's own name.
  public var name: String { "gguf" }

  /// Whether the file begins as GGUF files do.
  public func recognises(_ file: InputFile) throws(CheckpointError) -> Bool {
    guard file.size >= 4, let extent = Extent(offset: 0, length: 4) else { return false }
    return try file.bytes(extent) == Self.magic
  }

  /// Reads the metadata and the list of tensors.
  public func open(_ file: InputFile) throws(CheckpointError) -> Checkpoint {
    do throws(GGUFReader.Fault) {
      return try GGUFFormat.checkpoint(file, name: name)
    } catch {
      throw .unusable(
        file.name, error.fact, remedy: "the file is damaged or cut short; fetch it again")
    }
  }

  private static func checkpoint(
    _ file: InputFile, name: String
  ) throws(GGUFReader.Fault) -> Checkpoint {
    var reader = GGUFReader(file, at: magic.count)
    let version = try reader.number(4)
    guard version == 2 || version == 3 else {
      throw GGUFReader.Fault(
        "is a GGUF file of version \(version) or of the other byte order, which isn't read")
    }
    let tensorCount = try reader.number(8)
    let pairCount = try reader.number(8)
    var attributes: [Checkpoint.Attribute] = []
    var alignment = 32
    for _ in 0..<pairCount {
      let key = String(decoding: try reader.text(), as: UTF8.self)
      let type = try reader.number(4)
      guard let value = try reader.value(type) else { continue }
      attributes.append(Checkpoint.Attribute(name: key, value: value))
      if key == "general.alignment", let number = Int(value) { alignment = number }
    }
    guard (1...1 << 20).contains(alignment) else {
      throw GGUFReader.Fault("has an alignment of \(alignment) bytes")
    }
    var infos: [GGUFTensor] = []
    for _ in 0..<tensorCount { infos.append(try GGUFTensor(from: &reader)) }
    let start = (reader.position + alignment - 1) / alignment * alignment
    var names = Set<TensorName>()
    var tensors: [Tensor] = []
    for info in infos {
      guard names.insert(info.name).inserted else {
        throw GGUFReader.Fault("has the tensor \(info.name) twice")
      }
      tensors.append(try info.tensor(dataStart: start, fileSize: file.size))
    }
    try refuseOverlaps(tensors)
    return Checkpoint(
      file: file, format: name, tensors: tensors, attributes: attributes,
      layouter: ReadOnlyLayouter(format: "GGUF"))
  }

  private static func refuseOverlaps(_ tensors: [Tensor]) throws(GGUFReader.Fault) {
    let ranges = tensors.compactMap { tensor -> (Extent, TensorName)? in
      if case .contiguous(let extent) = tensor.storage { (extent, tensor.name) } else { nil }
    }.sorted { $0.0.offset < $1.0.offset }
    for (one, next) in zip(ranges, ranges.dropFirst()) where one.0.end > next.0.offset {
      throw GGUFReader.Fault("the tensors \(one.1) and \(next.1) overlap")
    }
  }
}

/// One tensor of the list.
struct GGUFTensor {
  let name: TensorName
  let kind: GGUFType.Kind
  /// The number of elements along each axis, the slowest first.
  let shape: [Int]
  let offset: Int

  /// Reads an entry.
  ///
  /// - Throws: ``GGUFReader/Fault`` where it is damaged.
  init(from reader: inout GGUFReader) throws(GGUFReader.Fault) {
    name = TensorName(bytes: try reader.text())
    let rank = try reader.number(4)
    guard rank <= 8 else { throw GGUFReader.Fault("tensor \(name) has \(rank) axes") }
    var fastestFirst: [Int] = []
    for _ in 0..<rank { fastestFirst.append(try reader.number(8)) }
    shape = fastestFirst.reversed()
    let type = try reader.number(4)
    guard let kind = GGUFType.kind(type) else {
      throw GGUFReader.Fault("tensor \(name) has the type \(type), which isn't known")
    }
    self.kind = kind
    offset = try reader.number(8)
  }

  /// The tensor, its range checked against the file.
  ///
  /// - Throws: ``GGUFReader/Fault`` where it reaches beyond the file.
  func tensor(dataStart: Int, fileSize: Int) throws(GGUFReader.Fault) -> Tensor {
    let position = dataStart.addingReportingOverflow(offset)
    guard let count = checkedProduct(shape), count % kind.blockCount == 0,
      let length = checkedProduct([count / kind.blockCount, kind.blockSize]),
      !position.overflow, let extent = Extent(offset: position.partialValue, length: length)
    else { throw GGUFReader.Fault("tensor \(name) has a shape that its type can't have") }
    guard extent.lies(within: fileSize) else {
      throw GGUFReader.Fault("truncated: tensor \(name) needs \(extent.end) of \(fileSize) bytes")
    }
    var storage = Storage.contiguous(extent)
    if case .packed = kind.element {
      storage = .unsupported("is quantised as \(kind.name), which is listed and not read")
    }
    let verdict = RoleConventions.verdict(name, type: kind.element)
    guard
      let tensor = Tensor(
        name: name, shape: shape, elementType: kind.element, role: verdict.role,
        isVariance: verdict.isVariance, storage: storage)
    else { throw GGUFReader.Fault("tensor \(name) has more elements than can be addressed") }
    return tensor
  }
}
