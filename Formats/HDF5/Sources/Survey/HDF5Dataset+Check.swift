import Checkpoints

extension HDF5Dataset {
  /// Checks what a worker says about a data set against the size of the file.
  ///
  /// libhdf5 reads zeros beyond the end of a file, so a range that isn't inside is found here or
  /// nowhere.
  convenience init(
    checking record: DatasetRecord, aliases: [TensorName], fileSize: Int
  ) throws(SurveyFault) {
    func fault(_ fact: String) -> SurveyFault { SurveyFault(tensor: record.path, fact: fact) }
    let type = record.type.named(by: record.attributes)
    var shape: [Int]?
    var byteCount = 0
    if let claimed = record.shape {
      let axes = claimed.map { Int(clamping: $0) }
      guard let product = checkedProduct(axes + [type.size]) else {
        throw fault("damaged: its shape \(claimed) is impossible")
      }
      shape = axes
      byteCount = product
    }
    let storage: Storage
    do throws(StorageFault) {
      storage = try record.storage.checked(
        type: type, shape: shape, byteCount: byteCount, fill: record.fillElement,
        fileSize: fileSize)
    } catch {
      throw fault(error.fact)
    }
    self.init(
      path: record.path, aliases: aliases, address: record.address, type: type, shape: shape,
      attributes: record.attributes, layout: record.storage.layout, storage: storage)
  }
}

/// A range that can't be right, worded to follow "tensor T: ".
private struct StorageFault: Error {
  let fact: String
}

extension StorageRecord {
  fileprivate var layout: HDF5DatasetLayout {
    switch self {
    case .contiguous: .contiguous
    case .compact: .compact
    case .chunked(let shape, let filters, _):
      .chunked(shape: shape.map { Int(clamping: $0) }, filters: filters)
    }
  }

  fileprivate func checked(
    type: HDF5Type, shape: [Int]?, byteCount: Int, fill: [UInt8], fileSize: Int
  ) throws(StorageFault) -> Storage {
    guard let shape else { return .unsupported("has no data space, hence no values") }
    switch self {
    case .contiguous(let address?, let stored):
      let extent = try Self.extent(address, stored, fileSize)
      // The size of a variable-length element in memory isn't its size in the file.
      if let problem = type.problem { return .unsupported(problem) }
      guard extent.length == byteCount else {
        throw StorageFault(
          fact: "damaged: \(grouped(stored)) bytes are stored for \(grouped(byteCount))")
      }
      return .contiguous(extent)
    case .compact(let bytes):
      if let problem = type.problem { return .unsupported(problem) }
      guard bytes.count == byteCount else {
        throw StorageFault(fact: "damaged: \(bytes.count) bytes are stored for \(byteCount)")
      }
      return .inline(bytes)
    case .contiguous(nil, _):
      if let problem = type.problem { return .unsupported(problem) }
      // No elements need no place; they keep a file of contiguous tensors one.
      if byteCount == 0, let nowhere = Extent(offset: 0, length: 0) { return .contiguous(nowhere) }
      return fill.count == type.size
        ? .fill(fill) : .unsupported("was never written and has no simple fill value")
    case .chunked(let chunkShape, let filters, let chunks):
      let found = try Self.chunks(chunks, fileSize)
      if let problem = type.problem { return .unsupported(problem) }
      guard fill.count == type.size else { return .unsupported("has no simple fill value") }
      let lengths = chunkShape.map { Int(clamping: $0) }
      guard let chunkBytes = checkedProduct(lengths + [type.size]) else {
        throw StorageFault(fact: "damaged: its chunks of shape \(chunkShape) are impossible")
      }
      switch ChunkFilters.pipeline(
        filters: filters.map { ($0.id, $0.parameters) }, elementSize: type.size,
        chunkByteCount: chunkBytes)
      {
      case .failure(let error): return found.isEmpty ? .fill(fill) : .unsupported(error.reason)
      case .success(let pipeline):
        guard
          let grid = ChunkGrid(
            shape: shape, chunkShape: lengths, elementSize: type.size, chunks: found,
            fillElement: fill, pipeline: pipeline),
          let cells = checkedProduct(grid.gridShape), found.keys.allSatisfy({ $0 < cells })
        else { throw StorageFault(fact: "damaged: its chunks don't fit its shape") }
        return .chunked(grid)
      }
    }
  }

  private static func chunks(
    _ records: [ChunkRecord], _ fileSize: Int
  ) throws(StorageFault) -> [Int: ChunkGrid.Chunk] {
    var chunks: [Int: ChunkGrid.Chunk] = [:]
    for record in records {
      let chunk = ChunkGrid.Chunk(
        extent: try extent(record.address, record.byteCount, fileSize),
        filterMask: record.filterMask)
      guard let index = Int(exactly: record.index), chunks.updateValue(chunk, forKey: index) == nil
      else { throw StorageFault(fact: "damaged: chunk \(record.index) is stored twice") }
    }
    return chunks
  }

  private static func extent(
    _ address: UInt64, _ length: UInt64, _ fileSize: Int
  ) throws(StorageFault) -> Extent {
    guard let offset = Int(exactly: address), let length = Int(exactly: length),
      let extent = Extent(offset: offset, length: length), extent.lies(within: fileSize)
    else {
      throw StorageFault(
        fact: "damaged: its \(grouped(length)) bytes at \(grouped(address)) lie beyond the end of "
          + "the file (\(grouped(fileSize)) bytes)")
    }
    return extent
  }
}
