package import Checkpoints
import Synchronization

/// Lays out outputs like a ``FlatFile``: in the template's holes where the values fit them, else
/// behind the template's bytes.
package struct FlatLayouter: OutputLayouter {
  package init() {}

  package func layout(
    _ request: OutputRequest, template: Checkpoint
  ) throws(CheckpointError) -> any OutputLayout {
    FlatLayout(request, template: template)
  }
}

/// The layout of one output; knows afterwards where everything is.
package final class FlatLayout: OutputLayout, ChunkSink {
  /// What the merge asked for.
  package let request: OutputRequest
  /// What stands between the appended tensors; written in preparing, so nobody may touch it after.
  package static let separator: [UInt8] = [0xEE, 0xDD, 0xEE]

  private let template: Checkpoint
  private let targets: [Blueprint.Target]
  /// The grids of the chunked targets, without chunks.
  private let grids: [Int: ChunkGrid]
  private let appendedSize: Int
  private let chunks = Mutex<[Int: [[Int]: [UInt8]]]>([:])
  private let stored = Mutex<[Int: Storage]>([:])

  package var estimatedSize: Int { template.file.size + appendedSize }
  package var summary: String { "flat, \(targets.count) tensors" }

  fileprivate init(_ request: OutputRequest, template: Checkpoint) {
    self.request = request
    self.template = template
    var holes: [(Extent, Int, ElementType)] = []
    var grids: [Int: ChunkGrid] = [:]
    var end = template.file.size
    for (place, type) in request.written.sorted(by: { $0.key < $1.key }) {
      let tensor = template.tensors[place]
      let size = type.byteCount ?? 0
      if case .contiguous(let extent) = tensor.storage, type == tensor.elementType {
        holes.append((extent, place, type))
      } else if request.storage == .keep, case .chunked(let grid) = tensor.storage {
        grids[place] = ChunkGrid(
          shape: tensor.shape, chunkShape: grid.chunkShape, elementSize: size, chunks: [:],
          fillElement: [UInt8](repeating: 0, count: size), pipeline: grid.pipeline)
      } else if let extent = Extent(
        offset: end + FlatLayout.separator.count, length: tensor.elementCount * size)
      {
        holes.append((extent, place, type))
        end = extent.end
      }
    }
    self.grids = grids
    self.appendedSize = end - template.file.size
    self.targets = holes.sorted { $0.0.offset < $1.0.offset }.map { extent, place, type in
      Blueprint.Target(
        tensor: place, elementType: type, byteOrder: template.tensors[place].byteOrder,
        place: .contiguous(extent))
    }
  }

  package func prepare(_ output: StagedFile) throws(CheckpointError) -> Blueprint {
    try output.reserve(estimatedSize)
    var verbatim: [Extent] = []
    var end = 0
    for target in targets {
      guard case .contiguous(let hole) = target.place else { continue }
      if hole.offset >= template.file.size {
        let place = hole.offset - FlatLayout.separator.count
        try output.write(unsafe FlatLayout.separator.span.bytes, at: place)
      } else {
        verbatim += [Extent(offset: end, length: hole.offset - end)].compactMap(\.self)
        end = hole.end
      }
    }
    verbatim += [Extent(offset: end, length: template.file.size - end)].compactMap(\.self)
    let chunked = grids.map { place, grid in
      Blueprint.Target(
        tensor: place, elementType: request.written[place] ?? .float32,
        byteOrder: template.tensors[place].byteOrder, place: .chunked(grid, self))
    }
    return Blueprint(verbatim: verbatim.filter { $0.length > 0 }, targets: targets + chunked)
  }

  package func store(
    _ bytes: [UInt8], at origin: [Int], tensor: Int
  ) throws(CheckpointError) {
    let isNew = chunks.withLock { known in
      known[tensor, default: [:]].updateValue(bytes, forKey: origin) == nil
    }
    guard isNew else {
      throw CheckpointError(.output, fact: "the chunk at \(origin) was stored twice")
    }
  }

  package func finish(_ output: StagedFile) throws(CheckpointError) {
    var end = estimatedSize
    // Sorted, as chunks come in the order in which threads finish them.
    for (place, boxes) in chunks.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
      guard let grid = grids[place] else { continue }
      var found: [Int: ChunkGrid.Chunk] = [:]
      let sorted = boxes.sorted { $0.key.lexicographicallyPrecedes($1.key) }
      for (origin, bytes) in sorted {
        try output.write(unsafe bytes.span.bytes, at: end)
        let index = zip(zip(origin, grid.chunkShape), grid.gridShape)
          .reduce(0) { $0 * $1.1 + $1.0.0 / $1.0.1 }
        found[index] = Extent(offset: end, length: bytes.count).map {
          ChunkGrid.Chunk(extent: $0, filterMask: 0)
        }
        end += bytes.count
      }
      let tensor = template.tensors[place]
      let whole = ChunkGrid(
        shape: tensor.shape, chunkShape: grid.chunkShape, elementSize: grid.fillElement.count,
        chunks: found, fillElement: grid.fillElement, pipeline: grid.pipeline)
      stored.withLock { $0[place] = whole.map { .chunked($0) } }
    }
  }

  /// The output as a checkpoint.
  ///
  /// - Parameter file: The committed output.
  /// - Returns: Its survey.
  package func checkpoint(_ file: InputFile) -> Checkpoint {
    var places = stored.withLock { $0 }
    for target in targets {
      if case .contiguous(let extent) = target.place { places[target.tensor] = .contiguous(extent) }
    }
    let tensors = template.tensors.enumerated().compactMap { place, tensor -> Tensor? in
      if request.dropsOptimizer, tensor.role == .optimizer { return nil }
      return Tensor(
        name: tensor.name, aliases: tensor.aliases, shape: tensor.shape,
        elementType: request.written[place] ?? tensor.elementType, byteOrder: tensor.byteOrder,
        role: tensor.role, isVariance: tensor.isVariance, layer: tensor.layer,
        storage: places[place] ?? tensor.storage)
    }
    let names = request.attributes.map(\.name)
    return Checkpoint(
      file: file, format: template.format, tensors: tensors,
      attributes: template.attributes.filter { !names.contains($0.name) } + request.attributes,
      layouter: FlatLayouter())
  }
}
