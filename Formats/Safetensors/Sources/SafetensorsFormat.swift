public import Checkpoints

/// safetensors files.
public struct SafetensorsFormat: CheckpointFormat {
  /// The format.
  public init() {}

  /// The format's own name.
  public var name: String { "safetensors" }

  /// Whether the file begins with a size and JSON: damage behind that is told by ``open(_:)``.
  public func recognises(_ file: InputFile) throws(CheckpointError) -> Bool {
    guard file.size > 8, let extent = Extent(offset: 0, length: 9) else { return false }
    let head = try file.bytes(extent)
    // No text begins with a small number.
    return head[8] == UInt8(ascii: "{") && head[5] == 0 && head[6] == 0 && head[7] == 0
  }

  /// Reads and checks the header.
  public func open(_ file: InputFile) throws(CheckpointError) -> Checkpoint {
    try SafetensorsFormat.checkpoint(file, try SafetensorsFormat.header(of: file), format: name)
  }

  /// The checkpoint of a header whose ranges are those of `file`.
  static func checkpoint(
    _ file: InputFile, _ header: SafetensorsHeader, format: String,
    inconsistencies: [String] = []
  ) throws(CheckpointError) -> Checkpoint {
    var tensors: [Tensor] = []
    for entry in header.entries {
      guard let tensor = entry.tensor else {
        throw .unusable(
          file.name, tensor: entry.name, "declares more elements than can be addressed")
      }
      tensors.append(tensor)
    }
    // The file's order is by types; people look for names.
    tensors.sort { $0.name < $1.name }
    let attributes = header.metadata.map { Checkpoint.Attribute(name: $0.key, value: $0.value) }
    return Checkpoint(
      file: file, format: format, tensors: tensors, attributes: attributes,
      inconsistencies: inconsistencies, layouter: SafetensorsLayouter(header))
  }

  /// The header of a file.
  ///
  /// - Throws: ``CheckpointError`` where a rule of the specification is broken.
  static func header(of file: InputFile) throws(CheckpointError) -> SafetensorsHeader {
    let damaged = "the file is damaged or was made to mislead; fetch or save it again"
    let prefix = SafetensorsHeader.prefixLength
    guard let first = Extent(offset: 0, length: prefix), file.size >= prefix else {
      throw .unusable(file.name, "truncated: \(file.size) bytes hold no header", remedy: damaged)
    }
    var reader = LittleEndianReader(try file.bytes(first))
    guard let length = reader.u64(), length <= SafetensorsHeader.largest else {
      throw .unusable(
        file.name, "declares a header of more than \(SafetensorsHeader.largest) bytes",
        remedy: damaged)
    }
    guard let extent = Extent(offset: prefix, length: length), extent.lies(within: file.size) else {
      throw .unusable(
        file.name, "truncated: its header alone needs \(prefix + length) of \(file.size) bytes",
        remedy: "the download or the save was cut short; fetch or save it again")
    }
    let json = try file.bytes(extent)
    do throws(SafetensorsHeader.Fault) {
      return try SafetensorsHeader(json, fileSize: file.size)
    } catch {
      throw .unusable(file.name, tensor: error.tensor, error.fact, remedy: damaged)
    }
  }
}

extension SafetensorsHeader.Entry {
  /// The tensor of an entry; nil where its size overflows.
  var tensor: Tensor? {
    guard let type = SafetensorsType.element(type)?.type else { return nil }
    let storage: Storage =
      if case .packed(let bits) = type {
        .unsupported("is made of elements of \(bits) bits, which can be copied but not read")
      } else {
        .contiguous(extent)
      }
    let verdict = RoleConventions.verdict(name, type: type)
    return Tensor(
      name: name, shape: shape, elementType: type, role: verdict.role,
      isVariance: verdict.isVariance, storage: storage)
  }
}
