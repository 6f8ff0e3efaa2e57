/// A B-tree of version 2: records of one size, in order.
///
/// Source: HDF5 File Format Specification 3.0, section III.A.2.
struct BTree2 {
  private let file: MetadataFile
  private let type: UInt8
  private let recordSize: Int
  private let nodeSize: Int
  private let depth: Int
  private let root: (address: UInt64, count: Int)?
  private let total: Int
  /// The most records of a node, by the number of levels below it.
  private var capacities: [Int] = []
  /// The bytes of the number of all records below a node, by level.
  private var totalWidths: [Int] = []

  /// Before and behind the records: signature, version, type, checksum.
  private static let frame = 10
  /// A tree of nodes of two records has 2^64 of them at this depth.
  private static let depthLimit = 64

  /// Reads the head of a tree of a type and with records of a size that its user knows.
  init(
    at address: UInt64, type: UInt8, recordSize: Int, in file: MetadataFile
  ) throws(NotUnderstood) {
    try file.claim(address)
    var head = try file.window(at: address, count: 38)
    let start = head
    try head.signature("BTHD")
    try head.constant(0)
    try head.constant(UInt64(type))
    nodeSize = try head.length(4)
    try head.constant(UInt64(recordSize), width: 2)
    depth = try head.u16()
    try head.skip(2)
    let address = try head.address()
    let count = try head.u16()
    total = try head.length()
    try head.checksum(since: start)
    guard depth <= Self.depthLimit, recordSize > 0 else { throw NotUnderstood("a tree's depth") }
    self.file = file
    self.type = type
    self.recordSize = recordSize
    root = address.map { ($0, count) }
    guard (root == nil) == (total == 0) else { throw NotUnderstood("a tree without root") }
    try computeCapacities()
  }

  private mutating func computeCapacities() throws(NotUnderstood) {
    let leaf = (nodeSize - Self.frame) / recordSize
    guard leaf > 0 else { throw NotUnderstood("a node of no records") }
    capacities = [leaf]
    totalWidths = [0]
    var most = UInt64(leaf)
    for level in 0..<depth {
      let pointer = pointerSize(toLevel: level)
      let capacity = (nodeSize - Self.frame - pointer) / (recordSize + pointer)
      guard capacity > 0 else { throw NotUnderstood("a node of no records") }
      let (product, overflow) = most.multipliedReportingOverflow(by: UInt64(capacity) + 1)
      let (sum, carry) = product.addingReportingOverflow(UInt64(capacity))
      guard !overflow, !carry else { throw NotUnderstood("a tree of too many records") }
      most = sum
      capacities.append(capacity)
      totalWidths.append(bytesNeeded(for: most))
    }
  }

  /// The size of a pointer to a node: address, number of its records, of all records below it.
  private func pointerSize(toLevel level: Int) -> Int {
    8 + bytesNeeded(for: UInt64(capacities[0])) + totalWidths[level]
  }

  private enum Step {
    case node(address: UInt64, count: Int, level: Int)
    case record(ByteWindow)
  }

  /// All records in order.
  func records() throws(NotUnderstood) -> [ByteWindow] {
    guard let root else { return [] }
    var found: [ByteWindow] = []
    var pending = [Step.node(address: root.address, count: root.count, level: depth)]
    while let step = pending.popLast() {
      switch step {
      case .record(let record): found.append(record)
      case .node(let address, let count, let level):
        let (records, children) = try node(at: address, count: count, level: level)
        if level == 0 {
          found.append(contentsOf: records)
        } else {
          for (child, record) in zip(children.dropFirst(), records).reversed() {
            pending.append(child)
            pending.append(.record(record))
          }
          pending.append(children[0])
        }
      }
    }
    guard found.count == total else { throw NotUnderstood("\(found.count) of \(total) records") }
    return found
  }

  private func node(
    at address: UInt64, count: Int, level: Int
  ) throws(NotUnderstood) -> (records: [ByteWindow], children: [Step]) {
    guard count > 0, count <= capacities[level] else { throw NotUnderstood("\(count) records") }
    try file.claim(address)
    var node = try file.window(at: address, count: nodeSize)
    let start = node
    try node.signature(level == 0 ? "BTLF" : "BTIN")
    try node.constant(0)
    try node.constant(UInt64(type))
    var records: [ByteWindow] = []
    records.reserveCapacity(count)
    for _ in 0..<count { records.append(try node.take(recordSize)) }
    var children: [Step] = []
    if level > 0 {
      for _ in 0...count {
        guard let child = try node.address() else { throw NotUnderstood("a child is missing") }
        let count = try node.length(bytesNeeded(for: UInt64(capacities[0])))
        try node.skip(totalWidths[level - 1])
        children.append(.node(address: child, count: count, level: level - 1))
      }
    }
    try node.checksum(since: start)
    return (records, children)
  }
}
