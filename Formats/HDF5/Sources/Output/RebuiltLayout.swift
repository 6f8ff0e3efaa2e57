import Checkpoints
import Synchronization

/// A new file with the template's tree, where types or storage change or the optimizer goes.
///
/// libhdf5 lays it out in a worker; then values are written at the ranges that a survey finds, and
/// chunks with filters go through a worker that stores them.
final class RebuiltLayout: OutputLayout {
  private let template: Checkpoint
  private let tree: HDF5Tree
  private let request: OutputRequest
  private let layoutRequest: HDF5Layout.Request
  private let chunkWriter = Mutex<HDF5ChunkWriter?>(nil)

  /// Decides on a layout.
  ///
  /// - Throws: ``CheckpointError`` where the template holds references to objects.
  init(
    template: Checkpoint, tree: HDF5Tree, request: OutputRequest
  ) throws(CheckpointError) {
    self.template = template
    self.tree = tree
    self.request = request
    var places: [TensorName: Int] = [:]
    for (place, dataset) in tree.datasets.enumerated() { places[dataset.path] = place }
    let storage: HDF5Layout.Replacement.Storage =
      switch request.storage {
      case .contiguous: .contiguous
      case .keep: .keep
      case .gzip(let level): .gzip(level: level)
      }
    var layoutRequest = HDF5Layout.Request(attributes: request.attributes)
    for (tensor, type) in request.written {
      guard let place = places[template.tensors[tensor].name] else { continue }
      layoutRequest.replacements[place] = HDF5Layout.Replacement(
        elementType: type, storage: storage)
    }
    if request.dropsOptimizer {
      let groups = template.tensors.filter { $0.role == .optimizer }
        .compactMap(\.name.components.first)
      layoutRequest.dropped = Set(groups).sorted()
    }
    self.layoutRequest = layoutRequest
    try HDF5Layout.refuseReferences(
      in: tree, of: template.file.name, except: layoutRequest.dropped)
  }

  var estimatedSize: Int {
    var size = template.file.size
    for (place, type) in request.written {
      let tensor = template.tensors[place]
      size += tensor.elementCount * (type.byteCount ?? 0) - tensor.byteCount
    }
    if request.dropsOptimizer {
      for tensor in template.tensors where tensor.role == .optimizer { size -= tensor.byteCount }
    }
    return max(size, 0)
  }

  var summary: String {
    let storage =
      switch request.storage {
      case .contiguous: "contiguous storage"
      case .keep: "the template's storage"
      case .gzip(let level): "chunks shuffled and deflated at level \(level)"
      }
    return "a new file with the tree of \(template.file.name), "
      + "\(request.written.count) tensors in \(storage)"
  }

  func prepare(_ output: StagedFile) throws(CheckpointError) -> Blueprint {
    let laidOut = try HDF5Layout.relayOut(
      template: template.file, tree: tree, to: output, layoutRequest)
    var datasets: [TensorName: HDF5Dataset] = [:]
    for dataset in laidOut.datasets {
      for path in [dataset.path] + dataset.aliases { datasets[path] = dataset }
    }
    var chunked: [Int: HDF5Dataset] = [:]
    var contiguous: [(extent: Extent, target: Blueprint.Target)] = []
    for (place, type) in request.written {
      let name = template.tensors[place].name
      guard let dataset = datasets[name] else {
        throw missing(name, in: output)
      }
      switch dataset.storage {
      case .contiguous(let extent):
        contiguous.append(
          (
            extent,
            Blueprint.Target(
              tensor: place, elementType: type, byteOrder: dataset.type.byteOrder,
              place: .contiguous(extent))
          ))
      case .chunked: chunked[place] = dataset
      case .inline, .fill, .unsupported: throw missing(name, in: output)
      }
    }
    contiguous.sort { $0.extent.offset < $1.extent.offset }
    // Reserved only now: libhdf5 lays out a file sparsely, and a full disk shall be found here.
    try output.reserve(output.byteCount)
    var targets = contiguous.map(\.target)
    if !chunked.isEmpty {
      let writer = try HDF5ChunkWriter(output: output, datasets: chunked)
      for (place, dataset) in chunked.sorted(by: { $0.key < $1.key }) {
        guard case .chunked(let grid) = dataset.storage, let type = request.written[place] else {
          continue
        }
        targets.append(
          Blueprint.Target(
            tensor: place, elementType: type, byteOrder: dataset.type.byteOrder,
            place: .chunked(grid, writer)))
      }
      chunkWriter.withLock { $0 = writer }
    }
    return Blueprint(verbatim: [], targets: targets)
  }

  func finish(_ output: StagedFile) throws(CheckpointError) {
    let writer = chunkWriter.withLock { writer in
      defer { writer = nil }
      return writer
    }
    try writer?.finish()
  }

  private func missing(_ name: TensorName, in output: StagedFile) -> CheckpointError {
    CheckpointError(
      .output, file: output.destination.name, subject: "tensor \(name)",
      fact: "has no room in the new layout", remedy: "please report this with the template")
  }
}
