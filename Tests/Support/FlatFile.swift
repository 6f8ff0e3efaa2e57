package import Checkpoints

/// Checkpoints for tests: raw values at any offsets with garbage between them, described in memory
/// only, so that merging is tested without a format's code and without processes.
package enum FlatFile {
  /// Writes a file and surveys it.
  ///
  /// - Parameters:
  ///   - tensors: What it holds, in the order of the checkpoint's list.
  ///   - path: Its name.
  ///   - seed: Decides the garbage and the order in which tensors lie in the file.
  ///   - gaps: How many bytes of garbage lie before each tensor and at the end.
  ///   - isShuffled: Whether tensors lie in another order than they are listed.
  ///   - attributes: The metadata.
  ///   - inconsistencies: What the format finds wrong.
  /// - Returns: The surveyed file.
  /// - Throws: ``Failure`` where a tensor can't be described, else ``CheckpointError``.
  package static func make(
    _ tensors: [FlatTensor], at path: String, seed: UInt64 = 1, gaps: ClosedRange<Int> = 0...9,
    isShuffled: Bool = false, attributes: [Checkpoint.Attribute] = [],
    inconsistencies: [String] = []
  ) throws -> Checkpoint {
    var writer = FlatWriter(seed: seed, gaps: gaps)
    var storages: [Int: Storage] = [:]
    let places = Array(tensors.indices)
    for place in isShuffled ? places.shuffled(using: &writer.generator) : places {
      storages[place] = try writer.store(tensors[place])
    }
    writer.appendGarbage()
    var described: [Tensor] = []
    for (place, tensor) in tensors.enumerated() {
      guard let storage = storages[place],
        let description = Tensor(
          name: TensorName(tensor.name), aliases: tensor.aliases.map { TensorName($0) },
          shape: tensor.shape, elementType: tensor.type, byteOrder: tensor.order,
          role: tensor.role, isVariance: tensor.isVariance, storage: storage)
      else { throw Failure(reason: "tensor \(tensor.name) can't be described") }
      described.append(description)
    }
    return Checkpoint(
      file: try file(writer.bytes, at: path), format: "flat", tensors: described,
      attributes: attributes, inconsistencies: inconsistencies, layouter: FlatLayouter())
  }

  /// Writes a file and opens it.
  package static func file(_ bytes: [UInt8], at path: String) throws -> InputFile {
    let output = try StagedFile.create(.file(path), replacing: true)
    try output.write(unsafe bytes.span.bytes, at: 0)
    try output.commit(durably: false)
    return try InputFile.open(path)
  }

  /// All bytes of a file.
  package static func bytes(of file: InputFile) throws -> [UInt8] {
    guard let all = Extent(offset: 0, length: file.size) else { return [] }
    return try file.bytes(all)
  }

  /// The values' bytes of a tensor, as the file holds them.
  package static func bytes(of name: String, in checkpoint: Checkpoint) throws -> [UInt8] {
    guard let place = checkpoint.index(of: TensorName(name)) else {
      throw Failure(reason: "no tensor \(name)")
    }
    let tensor = checkpoint.tensors[place]
    var bytes = [UInt8](repeating: 0, count: tensor.byteCount)
    var scratch = ChunkScratch()
    do {
      var span = bytes.mutableSpan
      var target = unsafe span.mutableBytes
      try checkpoint.read(
        tensor, elements: 0..<tensor.elementCount, into: &target, scratch: &scratch)
    }
    return bytes
  }

  /// The values of a tensor of real numbers.
  package static func values(of name: String, in checkpoint: Checkpoint) throws -> [Double] {
    guard let place = checkpoint.index(of: TensorName(name)) else {
      throw Failure(reason: "no tensor \(name)")
    }
    let tensor = checkpoint.tensors[place]
    return ElementBytes.decode(
      try bytes(of: name, in: checkpoint), as: tensor.elementType, tensor.byteOrder)
  }

  /// A test asked for something that can't be.
  package struct Failure: Error {
    package let reason: String

    package init(reason: String) {
      self.reason = reason
    }
  }
}

/// Appends tensors and garbage to the bytes of a file to be.
struct FlatWriter {
  var generator: SeededGenerator
  private(set) var bytes: [UInt8] = []
  private let gaps: ClosedRange<Int>

  init(seed: UInt64, gaps: ClosedRange<Int>) {
    self.generator = SeededGenerator(seed: seed)
    self.gaps = gaps
  }

  mutating func appendGarbage() {
    for _ in 0..<Int.random(in: gaps, using: &generator) { bytes.append(garbage()) }
  }

  mutating func store(_ tensor: FlatTensor) throws -> Storage {
    switch tensor.placement {
    case .inline: return .inline(tensor.bytes)
    case .fill: return .fill(Array(tensor.bytes.prefix(tensor.type.byteCount ?? 0)))
    case .unsupported(let reason): return .unsupported(reason)
    case .contiguous: return .contiguous(try append(tensor.bytes))
    case .chunked(let chunkShape, let absent):
      let size = tensor.type.byteCount ?? 1
      var chunks: [Int: ChunkGrid.Chunk] = [:]
      let grid = zip(tensor.shape, chunkShape).map { ($0 + $1 - 1) / $1 }
      for index in 0..<grid.reduce(1, *) where !absent.contains(index) {
        let box = chunk(of: tensor, at: unravel(index, grid), chunkShape, size)
        // Every third chunk was written without the filter, as HDF5 allows.
        let mask: UInt32 = index % 3 == 2 ? 1 : 0
        let stored = mask == 1 ? box : try FlatPipeline().encode(box)
        chunks[index] = ChunkGrid.Chunk(extent: try append(stored), filterMask: mask)
      }
      guard
        let storage = ChunkGrid(
          shape: tensor.shape, chunkShape: chunkShape, elementSize: size, chunks: chunks,
          fillElement: [UInt8](repeating: 0, count: size), pipeline: FlatPipeline())
      else { throw FlatFile.Failure(reason: "no grid for \(tensor.name)") }
      return .chunked(storage)
    }
  }

  private mutating func garbage() -> UInt8 { UInt8(truncatingIfNeeded: generator.next()) }

  private mutating func append(_ content: [UInt8]) throws -> Extent {
    appendGarbage()
    guard let extent = Extent(offset: bytes.count, length: content.count) else {
      throw FlatFile.Failure(reason: "no extent")
    }
    bytes += content
    return extent
  }

  /// One box of a tensor, element by element; garbage where it reaches beyond the tensor.
  private mutating func chunk(
    of tensor: FlatTensor, at place: [Int], _ shape: [Int], _ size: Int
  ) -> [UInt8] {
    var box: [UInt8] = []
    for inner in 0..<shape.reduce(1, *) {
      let position = zip(zip(place, shape), unravel(inner, shape)).map { $0.0 * $0.1 + $1 }
      if zip(position, tensor.shape).allSatisfy({ $0 < $1 }) {
        let element = zip(position, tensor.shape).reduce(0) { $0 * $1.1 + $1.0 }
        box += tensor.bytes[element * size..<(element + 1) * size]
      } else {
        for _ in 0..<size { box.append(garbage()) }
      }
    }
    return box
  }

  private func unravel(_ index: Int, _ shape: [Int]) -> [Int] {
    var rest = index
    var position: [Int] = []
    for extent in shape.reversed() {
      position.append(rest % extent)
      rest /= extent
    }
    return position.reversed()
  }
}
