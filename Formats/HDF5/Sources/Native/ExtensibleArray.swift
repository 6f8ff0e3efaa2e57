/// The parameters of an extensible array; they stand in the layout and in the array's head.
struct ExtensibleArrayShape: Equatable {
  /// The bits of an element's number.
  let numberBits: Int
  /// The elements in the index block itself.
  let indexElements: Int
  /// The elements of the smallest data block, a power of two.
  let smallestBlock: Int
  /// The addresses of the smallest super block, a power of two.
  let smallestSuperBlock: Int
  /// The bits of an element's number within a page.
  let pageBits: Int

  /// Reads the parameters in the order of a data layout.
  init(layout body: inout ByteWindow) throws(NotUnderstood) {
    numberBits = Int(try body.byte())
    indexElements = Int(try body.byte())
    smallestSuperBlock = Int(try body.byte())
    smallestBlock = Int(try body.byte())
    pageBits = Int(try body.byte())
  }

  /// Reads the parameters in the order of an array's head.
  init(head body: inout ByteWindow) throws(NotUnderstood) {
    numberBits = Int(try body.byte())
    indexElements = Int(try body.byte())
    smallestBlock = Int(try body.byte())
    smallestSuperBlock = Int(try body.byte())
    pageBits = Int(try body.byte())
  }
}

/// The chunks of a data set that can grow along one axis, by number.
///
/// An index block with the first elements, then ever larger data blocks; the addresses of the first
/// are in the index block, of the others in super blocks. Data blocks in pages, which need more
/// chunks than are supported, are left to the worker.
///
/// Source: HDF5 File Format Specification 3.0, section VII.D ("Extensible Array Index").
struct ExtensibleArray {
  private let reader: ChunkIndexReader
  private let address: UInt64
  private let shape: ExtensibleArrayShape
  private let client: UInt64
  /// One more than the number of the last element that was ever set.
  private let count: Int
  private let indexBlock: UInt64?

  init(
    at address: UInt64, shape: ExtensibleArrayShape, reader: ChunkIndexReader
  ) throws(NotUnderstood) {
    try reader.file.claim(address)
    var head = try reader.file.window(at: address, count: 72)
    let start = head
    client = reader.isFiltered ? 1 : 0
    try head.signature("EAHD")
    try head.constant(0)
    try head.constant(client)
    try head.constant(UInt64(reader.elementSize))
    guard try ExtensibleArrayShape(head: &head) == shape else { throw NotUnderstood("an array") }
    try head.skip(32)
    count = try head.length()
    try head.skip(8)
    indexBlock = try head.address()
    try head.checksum(since: start)
    func isPower(_ value: Int) -> Bool { value > 0 && value & (value - 1) == 0 }
    guard isPower(shape.smallestBlock), isPower(shape.smallestSuperBlock),
      shape.numberBits <= 64, shape.pageBits < 32,
      shape.numberBits >= shape.smallestBlock.trailingZeroBitCount,
      count <= ChunkReader.limit
    else { throw NotUnderstood("an array's parameters") }
    self.reader = reader
    self.address = address
    self.shape = shape
  }

  /// The elements by number; those that were never set have no address.
  func elements() throws(NotUnderstood) -> [ChunkIndexReader.Element] {
    guard let indexBlock else { return [] }
    let first = 2 * shape.smallestSuperBlock.trailingZeroBitCount
    let levels = 1 + shape.numberBits - shape.smallestBlock.trailingZeroBitCount
    guard levels >= first else { throw NotUnderstood("an array's levels") }
    let blockCount = 2 * (shape.smallestSuperBlock - 1)
    let size =
      14 + shape.indexElements * reader.elementSize + 8 * (blockCount + levels - first) + 4
    try reader.file.claim(indexBlock)
    var window = try reader.file.window(at: indexBlock, count: size)
    let start = window
    try prefix(&window, "EAIB")
    var found: [ChunkIndexReader.Element] = []
    for _ in 0..<shape.indexElements { found.append(try reader.element(&window)) }
    for level in 0..<first {
      for _ in 0..<blocks(ofLevel: level) {
        try append(dataBlock: try window.address(), length: length(ofLevel: level), to: &found)
      }
    }
    for level in first..<levels {
      try append(superBlock: try window.address(), level: level, to: &found)
    }
    try window.checksum(since: start)
    return found
  }

  private func blocks(ofLevel level: Int) -> Int { 1 << min(level / 2, 32) }

  private func length(ofLevel level: Int) -> Int {
    (1 << min((level + 1) / 2, 32)) * shape.smallestBlock
  }

  private func prefix(
    _ window: inout ByteWindow, _ signature: StaticString
  ) throws(NotUnderstood) {
    try window.signature(signature)
    try window.constant(0)
    try window.constant(client)
    try window.constant(address, width: 8)
  }

  /// The bytes of a block's place in the array.
  private var placeWidth: Int { (shape.numberBits + 7) / 8 }

  private func append(
    superBlock: UInt64?, level: Int, to found: inout [ChunkIndexReader.Element]
  ) throws(NotUnderstood) {
    // What lies beyond the last element is never allocated.
    guard let superBlock else { return try skip(blocks(ofLevel: level), level, &found) }
    try checkLength(level)
    try reader.file.claim(superBlock)
    let size = 14 + placeWidth + 8 * blocks(ofLevel: level) + 4
    var window = try reader.file.window(at: superBlock, count: size)
    let start = window
    try prefix(&window, "EASB")
    try window.skip(placeWidth)
    for _ in 0..<blocks(ofLevel: level) {
      try append(dataBlock: try window.address(), length: length(ofLevel: level), to: &found)
    }
    try window.checksum(since: start)
  }

  private func checkLength(_ level: Int) throws(NotUnderstood) {
    guard length(ofLevel: level) <= 1 << shape.pageBits else {
      throw NotUnderstood("a data block in pages")
    }
  }

  /// Elements of blocks that don't exist, as long as there are later ones.
  private func skip(
    _ blocks: Int, _ level: Int, _ found: inout [ChunkIndexReader.Element]
  ) throws(NotUnderstood) {
    let (total, overflow) = blocks.multipliedReportingOverflow(by: length(ofLevel: level))
    let missing = overflow ? count : min(total, count - found.count)
    guard missing > 0 else { return }
    try reader.file.spend(missing)
    found += Array(repeating: .init(address: nil, byteCount: 0, mask: 0), count: missing)
  }

  private func append(
    dataBlock: UInt64?, length: Int, to found: inout [ChunkIndexReader.Element]
  ) throws(NotUnderstood) {
    guard let dataBlock else {
      let missing = min(length, count - found.count)
      guard missing > 0 else { return }
      try reader.file.spend(missing)
      found += Array(repeating: .init(address: nil, byteCount: 0, mask: 0), count: missing)
      return
    }
    guard length <= 1 << shape.pageBits else { throw NotUnderstood("a data block in pages") }
    try reader.file.claim(dataBlock)
    let size = 14 + placeWidth + length * reader.elementSize + 4
    var window = try reader.file.window(at: dataBlock, count: size)
    let start = window
    try prefix(&window, "EADB")
    try window.skip(placeWidth)
    for _ in 0..<length { found.append(try reader.element(&window)) }
    try window.checksum(since: start)
  }
}
