import Checkpoints

/// Reads what a survey tells about one data set.
struct DatasetParser {
  private let file: MetadataFile
  private let types: CommittedTypes
  /// Half the most children of a chunk's B-tree node.
  private let chunkK: Int

  init(superblock: NativeSuperblock, types: CommittedTypes) {
    file = superblock.file
    chunkK = superblock.chunkK
    self.types = types
  }

  /// The longest element whose fill value is reported, as in the worker.
  private static let fillLimit = 65_536

  /// Reads a data set.
  ///
  /// - Parameters:
  ///   - header: Its header.
  ///   - address: The header's address.
  ///   - path: The path that led here.
  ///   - attributes: Its attributes.
  /// - Returns: The record that the worker would send.
  /// - Throws: ``NotUnderstood``.
  func record(
    of header: ObjectHeader, at address: UInt64, _ path: TensorName,
    attributes: [HDF5Attribute]
  ) throws(NotUnderstood) -> DatasetRecord {
    guard let typeMessage = try header.only(.datatype),
      let spaceMessage = try header.only(.dataspace),
      let layoutMessage = try header.only(.layout), !header.has(.externalFiles)
    else { throw NotUnderstood("a data set in other files or in parts") }
    let type = try types.type(of: typeMessage.body, isShared: typeMessage.isShared)
    let space = try DataspaceMessage(spaceMessage.body)
    let filters = try header.only(.filters).map { message throws(NotUnderstood) in
      try FilterMessage(message.body).filters
    }
    let storage: StorageRecord
    switch try StorageMessage(layoutMessage.body) {
    case .compact(let bytes):
      guard filters == nil else { throw NotUnderstood("filters without chunks") }
      storage = .compact(try compact(bytes, type, space))
    case .contiguous(let address, let byteCount):
      guard filters == nil else { throw NotUnderstood("filters without chunks") }
      storage = try contiguous(address, byteCount, type, space)
    case .chunked(let chunked): storage = try self.chunked(chunked, filters ?? [], type, space)
    }
    return DatasetRecord(
      path: path, address: address, type: type.type, shape: space.shape, attributes: attributes,
      storage: storage, fillElement: try fillElement(of: header, type))
  }

  private func compact(
    _ bytes: [UInt8], _ type: DatatypeMessage, _ space: DataspaceMessage
  ) throws(NotUnderstood) -> [UInt8] {
    let count = try space.elementCount()
    let (size, overflow) = count.multipliedReportingOverflow(by: type.storedSize)
    guard space.shape != nil, !overflow, size == bytes.count else {
      throw NotUnderstood("a compact data set of another size")
    }
    return type.holdsSequences || type.text.isVariable ? [] : bytes
  }

  private func contiguous(
    _ address: UInt64?, _ byteCount: UInt64, _ type: DatatypeMessage, _ space: DataspaceMessage
  ) throws(NotUnderstood) -> StorageRecord {
    guard let address, byteCount > 0 else { return .contiguous(address: nil, byteCount: 0) }
    let (size, overflow) = try space.elementCount()
      .multipliedReportingOverflow(by: type.storedSize)
    guard !overflow, byteCount == UInt64(clamping: size) else {
      throw NotUnderstood("a data set of another size")
    }
    let position = try file.position(of: address, count: size)
    return .contiguous(address: UInt64(position), byteCount: byteCount)
  }

  private func chunked(
    _ chunked: ChunkedStorage, _ filters: [HDF5Filter], _ type: DatatypeMessage,
    _ space: DataspaceMessage
  ) throws(NotUnderstood) -> StorageRecord {
    guard let shape = space.shape, chunked.elementSize == UInt64(type.storedSize) else {
      throw NotUnderstood("chunks of other elements")
    }
    let map = try ChunkGridMap(shape: shape, limits: space.limits, chunkShape: chunked.shape)
    let reader = ChunkIndexReader(
      file: file, storage: chunked, map: map, isFiltered: !filters.isEmpty,
      byteCount: try chunked.byteCount(), halfWidth: chunkK)
    return .chunked(shape: chunked.shape, filters: filters, chunks: try reader.records())
  }

  private func fillElement(
    of header: ObjectHeader, _ type: DatatypeMessage
  ) throws(NotUnderstood) -> [UInt8] {
    let value = try FillMessage(of: header).value
    let size = type.storedSize
    if type.holdsSequences || type.text.isVariable {
      // The library would look for what the value names.
      guard value == nil else { throw NotUnderstood("a fill value elsewhere") }
      return []
    }
    guard size <= Self.fillLimit else { return [] }
    guard let value else {
      try file.spend(size)
      return [UInt8](repeating: 0, count: size)
    }
    guard value.count == size else { throw NotUnderstood("a fill value of another size") }
    return value
  }
}

extension DatatypeMessage.Text? {
  fileprivate var isVariable: Bool {
    if case .variable = self { true } else { false }
  }
}
