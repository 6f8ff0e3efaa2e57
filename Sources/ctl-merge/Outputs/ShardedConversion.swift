import Checkpoints
import FormatRegistry
import Merging

/// Writes a checkpoint as a folder of files of a bounded size, with their index and the side files
/// of a source that is a folder itself.
struct ShardedConversion {
  let source: Checkpoint
  /// What the user named as the source.
  let path: String
  let format: ShardedOutput
  let elementType: ElementType?
  let dropsOptimizer: Bool
  /// The most bytes of tensors in a file.
  let limit: Int
  let rename: @Sendable (TensorName) -> TensorName
  let leavesOut: @Sendable (TensorName) -> Bool

  /// Writes the folder.
  ///
  /// - Throws: ``CheckpointError``; the folder then doesn't exist.
  func run(
    to output: String, threads: Int, durably: Bool
  ) throws(CheckpointError) -> Conversion.Summary {
    let tensors = tensors()
    let parts = try format.parts(
      tensors.map { ($0.name, $0.size) }, limit: limit, source: source.file.name)
    let sideFiles = ShardedOutput.sideFiles(of: path)
    let folder = try StagedFolder.create(
      output, files: parts.names + sideFiles + [parts.indexName])
    var losses: [TensorName: Conversion.Losses] = [:]
    var notes: [String] = []
    var bytes = 0
    for (number, name) in parts.names.enumerated() {
      let own = tensors.filter { parts.parts[$0.name] == number }
      let layouter = ConvertingLayouter(
        format.writer(own.map { ($0.name, $0.layer) }), rename: rename,
        leavesOut: { leavesOut($0) || parts.parts[rename($0)] != number })
      let conversion = try Conversion(
        source, layouter: layouter, elementType: elementType, dropsOptimizer: dropsOptimizer,
        storage: .contiguous)
      let summary = try conversion.run(
        to: .file(folder.path(of: name)), replacing: false, threads: threads, durably: durably)
      losses.merge(summary.losses) { first, _ in first }
      notes += summary.notes
      bytes += summary.bytesWritten
    }
    for name in sideFiles { try folder.copy(name, from: path, durably: durably) }
    try write(to: folder.path(of: parts.indexName), durably: durably) {
      (output) throws(CheckpointError) in
      try output.write(unsafe parts.index.span.bytes, at: 0)
    }
    try folder.commit(durably: durably)
    return Conversion.Summary(bytesWritten: bytes, losses: losses, notes: notes)
  }

  /// The output's tensors by their new names, in the source's order.
  private func tensors() -> [(name: TensorName, size: Int, layer: String?)] {
    source.tensors.flatMap { tensor -> [(name: TensorName, size: Int, layer: String?)] in
      if dropsOptimizer, tensor.role == .optimizer { return [] }
      let type = tensor.isMergeable ? elementType ?? tensor.elementType : tensor.elementType
      let size = tensor.elementCount * (type.byteCount ?? 0)
      return ([tensor.name] + tensor.aliases).filter { !leavesOut($0) }.map {
        (rename($0), size, tensor.layer)
      }
    }
  }

  private func write(
    to path: String, durably: Bool,
    _ body: (StagedFile) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    let output = try StagedFile.create(.file(path), replacing: true)
    try body(output)
    try output.commit(durably: durably)
  }
}

/// A size as people write it: `500MB`, `5GB`, `64KiB`, or a number of bytes.
struct ByteSize: Hashable {
  let bytes: Int

  init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let units = [
      "": 1, "b": 1, "kb": 1000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000,
      "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
    ]
    guard let number = Double(digits), let unit = units[text.dropFirst(digits.count).lowercased()],
      let bytes = Int(exactly: (number * Double(unit)).rounded()), bytes > 0
    else { return nil }
    self.bytes = bytes
  }
}
