public import Checkpoints
import Kernels
import Synchronization

/// A checkpoint written anew: in another format, with other element types, with other names.
///
/// Values whose type stays are copied bit for bit; others are rounded once.
public struct Conversion: Sendable {
  /// What became of values that were rounded to another type.
  public struct Losses: Hashable, Sendable {
    /// Finite numbers that the new type can't hold.
    public var overflows = 0
    /// Numbers that became zero.
    public var underflows = 0

    /// Nothing lost, unless counts are given.
    public init(overflows: Int = 0, underflows: Int = 0) {
      self.overflows = overflows
      self.underflows = underflows
    }
  }

  /// What a conversion did.
  public struct Summary: Sendable {
    /// The size of the output.
    public let bytesWritten: Int
    /// What was lost, by the names of the tensors, where anything was.
    public let losses: [TensorName: Losses]

    /// What of the source the output doesn't hold as it is.
    public let notes: [String]

    /// A summary.
    public init(bytesWritten: Int, losses: [TensorName: Losses], notes: [String]) {
      self.bytesWritten = bytesWritten
      self.losses = losses
      self.notes = notes
    }
  }

  private let source: Checkpoint
  private let elementType: ElementType?
  private let layout: any OutputLayout
  /// What is written at once.
  private static let pieceBytes = 1 << 20

  /// The output's layout, for the plan.
  public var layoutSummary: String { layout.summary }
  /// What of the source the output doesn't hold as it is.
  public var notes: [String] { layout.notes }
  /// The size of the output as far as it is known.
  public var estimatedSize: Int { layout.estimatedSize }

  /// Plans a conversion.
  ///
  /// - Parameters:
  ///   - source: The checkpoint.
  ///   - layouter: The output's way to be laid out; nil for the source's own.
  ///   - elementType: The type of weights and statistics; nil keeps each tensor's.
  ///   - dropsOptimizer: Whether the optimizer's state is left out.
  ///   - storage: How tensors are stored where the source's own layout is kept.
  /// - Throws: ``CheckpointError`` that names what the output can't express.
  public init(
    _ source: Checkpoint, layouter: (any OutputLayouter)?, elementType: ElementType?,
    dropsOptimizer: Bool, storage: OutputRequest.Storage
  ) throws(CheckpointError) {
    var written: [Int: ElementType] = [:]
    for (place, tensor) in source.tensors.enumerated() where tensor.isMergeable {
      if case .unsupported = tensor.storage { continue }
      // Compression stores anew what it compresses.
      var type = elementType
      if case .gzip = storage { type = type ?? tensor.elementType }
      if let type, type != tensor.elementType || storage != .contiguous { written[place] = type }
    }
    let request = OutputRequest(
      written: written, dropsOptimizer: dropsOptimizer, storage: storage, attributes: [])
    self.source = source
    self.elementType = elementType
    layout = try (layouter ?? source.layouter).layout(request, template: source)
  }

  /// Writes the output.
  ///
  /// - Parameters:
  ///   - destination: Where it goes.
  ///   - replacing: Whether an existing file may be replaced.
  ///   - threads: The number of threads.
  ///   - durably: Whether to wait until it is on the disk.
  /// - Returns: What was done.
  /// - Throws: ``CheckpointError``; the destination is then as it was.
  public func run(
    to destination: StagedFile.Destination, replacing: Bool, threads: Int, durably: Bool
  ) throws(CheckpointError) -> Summary {
    let output = try StagedFile.create(destination, replacing: replacing)
    let blueprint = try layout.prepare(output)
    let work = ConversionWork(blueprint, pieceBytes: Self.pieceBytes)
    let losses = Mutex([Int: Losses]())
    try forEachConcurrently(
      count: work.pieces.count, threads: threads, makeState: { ChunkScratch() }
    ) { (index, scratch: inout ChunkScratch) throws(CheckpointError) in
      switch work.pieces[index] {
      case .copy(let extent, let offset): try output.copy(extent, of: source.file, to: offset)
      case .values(let target, let elements, let offset):
        let lost = try write(target, elements, at: offset, to: output, scratch: &scratch)
        guard lost != Losses() else { return }
        losses.withLock { all in
          all[target.tensor, default: Losses()].overflows += lost.overflows
          all[target.tensor, default: Losses()].underflows += lost.underflows
        }
      }
    }
    try layout.finish(output)
    let bytes = output.byteCount
    try output.commit(durably: durably)
    let named = losses.withLock { $0 }.map { (source.tensors[$0.key].name, $0.value) }
    return Summary(
      bytesWritten: bytes, losses: Dictionary(named, uniquingKeysWith: { first, _ in first }),
      notes: layout.notes)
  }

  private func write(
    _ target: Blueprint.Target, _ elements: Range<Int>, at offset: Int, to output: StagedFile,
    scratch: inout ChunkScratch
  ) throws(CheckpointError) -> Losses {
    let tensor = source.tensors[target.tensor]
    let bytes = try source.littleEndianBytes(of: tensor, elements, scratch: &scratch)
    var values = [Double](repeating: 0, count: elements.count)
    do {
      var span = values.mutableSpan
      ElementDecoding.decode(
        tensor.elementType, .little, from: unsafe bytes.span.bytes, into: &span)
    }
    let size = target.elementType.byteCount ?? 1
    var encoded = [UInt8](repeating: 0, count: elements.count * size)
    var losses = Losses()
    do {
      var span = encoded.mutableSpan
      var raw = unsafe span.mutableBytes
      ElementEncoding.encode(values.span, as: target.elementType, target.byteOrder, into: &raw)
    }
    // Compared with what a reader of the output will find.
    var again = [Double](repeating: 0, count: elements.count)
    do {
      var span = again.mutableSpan
      ElementDecoding.decode(
        target.elementType, target.byteOrder, from: unsafe encoded.span.bytes, into: &span)
    }
    for place in values.indices {
      if values[place].isFinite, !again[place].isFinite { losses.overflows += 1 }
      if values[place] != 0, again[place] == 0 { losses.underflows += 1 }
    }
    try output.write(unsafe encoded.span.bytes, at: offset)
    return losses
  }
}

/// A conversion cut into pieces that threads do in any order.
private struct ConversionWork {
  enum Piece: Sendable {
    case copy(Extent, to: Int)
    case values(Blueprint.Target, Range<Int>, at: Int)
  }

  private(set) var pieces: [Piece] = []

  init(_ blueprint: Blueprint, pieceBytes: Int) {
    for copy in blueprint.copies {
      for start in stride(from: 0, to: copy.target.length, by: pieceBytes) {
        let length = min(pieceBytes, copy.target.length - start)
        guard let extent = Extent(offset: copy.source + start, length: length) else { continue }
        pieces.append(.copy(extent, to: copy.target.offset + start))
      }
    }
    for target in blueprint.targets {
      guard case .contiguous(let extent) = target.place, let size = target.elementType.byteCount
      else { continue }
      let count = extent.length / size
      let unit = max(1, pieceBytes / size)
      for start in stride(from: 0, to: count, by: unit) {
        let elements = start..<min(start + unit, count)
        pieces.append(.values(target, elements, at: extent.offset + start * size))
      }
    }
  }
}
