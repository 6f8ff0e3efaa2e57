/// Lays out an output of another format than its template's: the same tensors, nothing else.
public struct ConvertingLayouter: OutputLayouter {
  private let writer: any CheckpointWriter
  private let rename: @Sendable (TensorName) -> TensorName
  private let duplicatesTies: Bool
  /// Whether that is the format's doing, not the user's.
  private let losesTies: Bool
  private let leavesOut: @Sendable (TensorName) -> Bool

  /// A layouter.
  ///
  /// - Parameters:
  ///   - writer: The output's format.
  ///   - duplicatesTies: Whether each name of a tied tensor gets values of its own.
  ///   - rename: Gives the output's names.
  ///   - leavesOut: Whether the output lacks a tensor.
  public init(
    _ writer: any CheckpointWriter, duplicatesTies: Bool = false,
    rename: @escaping @Sendable (TensorName) -> TensorName = { $0 },
    leavesOut: @escaping @Sendable (TensorName) -> Bool = { _ in false }
  ) {
    self.writer = writer
    self.rename = rename
    self.duplicatesTies = duplicatesTies || !writer.keepsTies
    losesTies = !duplicatesTies && !writer.keepsTies
    self.leavesOut = leavesOut
  }

  /// Describes the template's tensors to the writer.
  public func layout(
    _ request: OutputRequest, template: Checkpoint
  ) throws(CheckpointError) -> any OutputLayout {
    if case .gzip = request.storage {
      throw CheckpointError(
        .usage, subject: "--compress", fact: "a new \(writer.name) file isn't compressed",
        remedy: "leave it out")
    }
    var items: [ConvertedLayout.Item] = []
    var names: [TensorName: TensorName] = [:]
    var tiedCount = 0
    for (place, tensor) in template.tensors.enumerated() {
      if request.dropsOptimizer, tensor.role == .optimizer { continue }
      let all = ([tensor.name] + tensor.aliases).filter { !leavesOut($0) }
      if all.isEmpty { continue }
      if losesTies { tiedCount += all.count - 1 }
      if case .unsupported(let reason) = tensor.storage {
        throw .unusable(
          template.file.name, tensor: tensor.name, "can't be converted: it \(reason)",
          remedy: "leave it out with --exclude")
      }
      let type = request.written[place] ?? tensor.elementType
      for group in duplicatesTies ? all.map({ [$0] }) : [all] {
        let renamed = group.map(rename)
        for (old, new) in zip(group, renamed) {
          if let other = names.updateValue(old, forKey: new) {
            throw .unusable(
              template.file.name, tensor: old, "would have the name \(new), which \(other) has",
              remedy: "give them different names")
          }
        }
        guard
          let new = NewTensor(
            name: renamed[0], aliases: Array(renamed.dropFirst()), shape: tensor.shape,
            elementType: type)
        else {
          throw .unusable(
            template.file.name, tensor: tensor.name, "\(tensor.elementType) can't be converted",
            remedy: "leave it out with --exclude")
        }
        items.append(ConvertedLayout.Item(place: place, tensor: new))
      }
    }
    let kept = template.attributes.filter { old in
      !request.attributes.contains { $0.name == old.name }
    }
    return ConvertedLayout(
      items,
      file: try writer.layout(
        items.map(\.tensor), attributes: kept + request.attributes, file: template.file.name),
      request: request, template: template, format: writer.name,
      notes: tiedCount == 0 ? [] : [tiesLost(tiedCount)])
  }

  private func tiesLost(_ count: Int) -> String {
    let subject = count == 1 ? "1 tied tensor is" : "\(count) tied tensors are"
    return "\(subject) stored apart: \(writer.name) can't tie them"
  }
}

/// The layout of an output of another format.
struct ConvertedLayout: OutputLayout {
  /// A tensor of the output, and its place in the template.
  struct Item: Sendable {
    let place: Int
    let tensor: NewTensor
  }

  private let items: [Item]
  private let file: any NewFile
  private let request: OutputRequest
  private let template: Checkpoint
  private let format: String
  let notes: [String]

  init(
    _ items: [Item], file: any NewFile, request: OutputRequest, template: Checkpoint,
    format: String, notes: [String]
  ) {
    self.items = items
    self.file = file
    self.request = request
    self.template = template
    self.format = format
    self.notes = notes
  }

  var estimatedSize: Int { file.estimatedSize }
  var summary: String { "a new \(format) file with \(items.count) tensors" }

  func prepare(_ output: StagedFile) throws(CheckpointError) -> Blueprint {
    let extents = try file.prepare(output)
    var copies: [Blueprint.Copy] = []
    var targets: [(start: Int, target: Blueprint.Target)] = []
    for (item, extent) in zip(items, extents) where extent.length > 0 {
      let tensor = template.tensors[item.place]
      if let type = request.written[item.place] {
        let target = Blueprint.Target(
          tensor: item.place, elementType: type, byteOrder: .little, place: .contiguous(extent))
        targets.append((extent.offset, target))
      } else if case .contiguous(let source) = tensor.storage, tensor.isLittleEndian {
        copies.append(Blueprint.Copy(source: source.offset, target: extent))
      } else {
        try copy(tensor, to: extent, of: output)
      }
    }
    return Blueprint(
      copies: copies.sorted { $0.target.offset < $1.target.offset },
      targets: targets.sorted { $0.start < $1.start }.map(\.target))
  }

  func finish(_ output: StagedFile) throws(CheckpointError) {
    try file.finish(output)
  }

  /// Copies values that aren't one range, or not in the order of the output.
  private func copy(
    _ tensor: Tensor, to extent: Extent, of output: StagedFile
  ) throws(CheckpointError) {
    var scratch = ChunkScratch()
    let size = max(tensor.elementSize, 1)
    let block = max(1, (4 << 20) / size)
    for start in stride(from: 0, to: tensor.elementCount, by: block) {
      let elements = start..<min(start + block, tensor.elementCount)
      let bytes = try template.littleEndianBytes(of: tensor, elements, scratch: &scratch)
      try output.write(unsafe bytes.span.bytes, at: extent.offset + start * size)
    }
  }
}

extension Tensor {
  /// Whether the bytes are in the order in which new files have them.
  fileprivate var isLittleEndian: Bool { byteOrder == .little || elementType.swapUnit == 1 }
}

extension Checkpoint {
  /// A range of a tensor's elements as little-endian bytes.
  ///
  /// - Parameters:
  ///   - tensor: One of `tensors`.
  ///   - elements: Positions in C order.
  ///   - scratch: The calling thread's buffers.
  /// - Returns: The bytes.
  /// - Throws: ``CheckpointError`` where the file can't be read.
  package func littleEndianBytes(
    of tensor: Tensor, _ elements: Range<Int>, scratch: inout ChunkScratch
  ) throws(CheckpointError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: elements.count * tensor.elementSize)
    do {
      var span = bytes.mutableSpan
      var target = unsafe span.mutableBytes
      try read(tensor, elements: elements, into: &target, scratch: &scratch)
    }
    let unit = tensor.elementType.swapUnit
    if tensor.byteOrder == .big, unit > 1 {
      for start in stride(from: 0, to: bytes.count, by: unit) {
        bytes[start..<start + unit].reverse()
      }
    }
    return bytes
  }
}
