/// Lists the stored chunks of a data set.
struct ChunkIndexReader {
  let file: MetadataFile
  let storage: ChunkedStorage
  let map: ChunkGridMap
  let isFiltered: Bool
  /// The size of a chunk's elements.
  let byteCount: UInt64
  /// Half the most children of a B-tree node of version 1.
  let halfWidth: Int

  /// A chunk as an index names it, without its place.
  struct Element {
    let address: UInt64?
    let byteCount: UInt64
    let mask: UInt32
  }

  func records() throws(NotUnderstood) -> [ChunkRecord] {
    guard let address = storage.address else { return [] }
    switch storage.index {
    case .tree1: return try tree1(at: address)
    case .tree2: return try tree2(at: address)
    case .implicit: return try implicit(from: address)
    case .single(let filtered):
      guard (filtered != nil) == isFiltered, try map.count() == 1 else {
        throw NotUnderstood("a single chunk")
      }
      let element = Element(
        address: address, byteCount: filtered?.size ?? byteCount, mask: filtered?.mask ?? 0)
      return try record(of: element, at: 0).map { [$0] } ?? []
    case .fixedArray:
      return try numbered(try FixedArray(at: address, reader: self).elements())
    case .extensibleArray(let shape):
      return try numbered(try ExtensibleArray(at: address, shape: shape, reader: self).elements())
    }
  }

  private func tree1(at address: UInt64) throws(NotUnderstood) -> [ChunkRecord] {
    let rank = storage.shape.count
    let tree = BTree1(file: file, type: 1, keySize: 16 + 8 * rank, halfWidth: halfWidth)
    var records: [ChunkRecord] = []
    for entry in try tree.entries(at: address) {
      var key = entry.key
      let size = try key.unsigned(4)
      let mask = try key.u32()
      var offsets: [UInt64] = []
      for _ in 0..<rank { offsets.append(try key.u64()) }
      try key.constant(0, width: 8)
      let element = Element(address: entry.child, byteCount: size, mask: mask)
      try append(element, at: try map.index(ofElementAt: offsets), to: &records)
    }
    return records
  }

  private func tree2(at address: UInt64) throws(NotUnderstood) -> [ChunkRecord] {
    let rank = storage.shape.count
    let tree = try BTree2(
      at: address, type: isFiltered ? 11 : 10, recordSize: elementSize + 8 * rank, in: file)
    var records: [ChunkRecord] = []
    for var record in try tree.records() {
      let element = try element(&record)
      var place: [UInt64] = []
      for _ in 0..<rank { place.append(try record.u64()) }
      try append(element, at: try map.index(of: place), to: &records)
    }
    return records
  }

  /// Chunks that lie side by side, unfiltered, because all were allocated at once.
  private func implicit(from address: UInt64) throws(NotUnderstood) -> [ChunkRecord] {
    let count = try map.count()
    guard !isFiltered, count <= ChunkReader.limit else { throw NotUnderstood("many chunks") }
    try file.spend(Int(count) * 32)
    var records: [ChunkRecord] = []
    for number in 0..<count {
      let (offset, overflow) = number.multipliedReportingOverflow(by: byteCount)
      let (start, carry) = address.addingReportingOverflow(offset)
      guard !overflow, !carry else { throw NotUnderstood("a chunk beyond all files") }
      let element = Element(address: start, byteCount: byteCount, mask: 0)
      try append(element, at: try map.index(ofNumber: number), to: &records)
    }
    return records
  }

  private func numbered(_ elements: [Element]) throws(NotUnderstood) -> [ChunkRecord] {
    var records: [ChunkRecord] = []
    for (number, element) in elements.enumerated() where element.address != nil {
      try append(element, at: try map.index(ofNumber: UInt64(number)), to: &records)
    }
    return records
  }

  /// The size of an element of an array: an address, and for filtered chunks size and mask.
  var elementSize: Int { isFiltered ? 12 + sizeWidth : 8 }

  /// The bytes of a filtered chunk's size: one more than the unfiltered needs.
  private var sizeWidth: Int {
    min(1 + (63 - max(byteCount, 1).leadingZeroBitCount + 8) / 8, 8)
  }

  /// Reads an element of an array or the begin of a tree's record.
  func element(_ window: inout ByteWindow) throws(NotUnderstood) -> Element {
    let address = try window.address()
    guard isFiltered else { return Element(address: address, byteCount: byteCount, mask: 0) }
    let size = try window.unsigned(sizeWidth)
    return Element(address: address, byteCount: size, mask: try window.u32())
  }

  private func append(
    _ element: Element, at index: UInt64?, to records: inout [ChunkRecord]
  ) throws(NotUnderstood) {
    guard let index, let record = try record(of: element, at: index) else {
      throw NotUnderstood("a chunk outside of its data set")
    }
    guard records.count < ChunkReader.limit else { throw NotUnderstood("many chunks") }
    records.append(record)
  }

  private func record(
    of element: Element, at index: UInt64
  ) throws(NotUnderstood) -> ChunkRecord? {
    guard let address = element.address else { return nil }
    guard element.byteCount > 0, let count = Int(exactly: element.byteCount) else {
      throw NotUnderstood("a chunk of \(element.byteCount) bytes")
    }
    let position = try file.position(of: address, count: count)
    return ChunkRecord(
      index: index, address: UInt64(position), byteCount: element.byteCount,
      filterMask: element.mask)
  }
}
