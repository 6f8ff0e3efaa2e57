import Checkpoints

/// Lays out files like a given one: its tensors in its order, its metadata, new types where asked.
struct SafetensorsLayouter: OutputLayouter {
  private let header: SafetensorsHeader

  /// A layouter for files like the one with this header.
  init(_ header: SafetensorsHeader) {
    self.header = header
  }

  func layout(
    _ request: OutputRequest, template: Checkpoint
  ) throws(CheckpointError) -> any OutputLayout {
    if case .gzip = request.storage {
      throw CheckpointError(
        .usage, subject: "--compress", fact: "safetensors files are never compressed",
        remedy: "leave it out")
    }
    var items: [SafetensorsLayout.Item] = []
    for entry in header.entries {
      guard let place = template.index(of: entry.name) else { continue }
      let tensor = template.tensors[place]
      if request.dropsOptimizer, tensor.role == .optimizer { continue }
      guard let type = request.written[place] else {
        items.append(.copy(entry))
        continue
      }
      guard let name = SafetensorsType.name(type) else {
        throw .unusable(
          template.file.name, tensor: entry.name, "safetensors has no type \(type)",
          remedy: "choose another --dtype")
      }
      let length = tensor.elementCount * (type.byteCount ?? 0)
      let plan = SafetensorsPlan.Entry(
        name: entry.name, type: name, shape: entry.shape, length: length)
      items.append(.written(plan, tensor: place, type))
    }
    return try SafetensorsLayout(
      items, metadata: SafetensorsLayouter.merged(header.metadata, request.attributes),
      template: template)
  }

  /// The template's metadata with attributes added or replaced.
  static func merged(
    _ metadata: [SafetensorsHeader.Pair], _ attributes: [Checkpoint.Attribute]
  ) -> [SafetensorsHeader.Pair] {
    metadata.filter { pair in !attributes.contains { $0.name == pair.key } }
      + attributes.map { SafetensorsHeader.Pair(key: $0.name, value: $0.value) }
  }
}

/// The layout of one safetensors file.
struct SafetensorsLayout: OutputLayout {
  /// A tensor of the output.
  enum Item {
    /// The template's bytes.
    case copy(SafetensorsHeader.Entry)
    /// Values that are written, with the tensor's place in the template.
    case written(SafetensorsPlan.Entry, tensor: Int, ElementType)

    fileprivate var entry: SafetensorsPlan.Entry {
      switch self {
      case .copy(let entry):
        SafetensorsPlan.Entry(
          name: entry.name, type: entry.type, shape: entry.shape, length: entry.extent.length)
      case .written(let entry, _, _): entry
      }
    }
  }

  private let items: [Item]
  private let plan: SafetensorsPlan
  private let template: Checkpoint

  init(
    _ items: [Item], metadata: [SafetensorsHeader.Pair], template: Checkpoint
  ) throws(CheckpointError) {
    self.items = items
    self.template = template
    plan = try SafetensorsPlan(
      items.map(\.entry), metadata: metadata, file: template.file.name)
  }

  var estimatedSize: Int { plan.size }

  var summary: String {
    let written = items.count { item in
      if case .written = item { true } else { false }
    }
    return "the tensors of \(template.file.name) in their order, \(written) replaced"
  }

  func prepare(_ output: StagedFile) throws(CheckpointError) -> Blueprint {
    try output.reserve(plan.size)
    try output.write(unsafe plan.header.span.bytes, at: 0)
    var copies: [Blueprint.Copy] = []
    var targets: [Blueprint.Target] = []
    for (item, extent) in zip(items, plan.extents) where extent.length > 0 {
      switch item {
      case .written(_, let tensor, let type):
        targets.append(
          Blueprint.Target(
            tensor: tensor, elementType: type, byteOrder: .little, place: .contiguous(extent)))
      case .copy(let entry):
        copies.append(Blueprint.Copy(source: entry.extent.offset, target: extent))
      }
    }
    return Blueprint(copies: copies, targets: targets)
  }

  func finish(_ output: StagedFile) throws(CheckpointError) {}
}
