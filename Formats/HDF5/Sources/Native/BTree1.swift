/// A B-tree of version 1, walked from left to right.
///
/// Source: HDF5 File Format Specification 3.0, section III.A.1.
struct BTree1 {
  /// A pointer of a leaf with the key before it.
  struct Entry {
    let key: ByteWindow
    let child: UInt64
  }

  let file: MetadataFile
  /// 0: links, 1: chunks.
  let type: UInt8
  let keySize: Int
  /// Half the most children of a node.
  let halfWidth: Int

  /// The entries of all leaves in order.
  ///
  /// Each node is visited once and lies one level below its parent, so the walk ends.
  func entries(at root: UInt64) throws(NotUnderstood) -> [Entry] {
    var found: [Entry] = []
    var pending: [(address: UInt64, level: UInt8?)] = [(root, nil)]
    while let (address, level) = pending.popLast() {
      let node = try node(at: address)
      if let level, level != node.level { throw NotUnderstood("a node at a wrong level") }
      if node.level == 0 {
        found.append(contentsOf: node.entries)
      } else {
        for entry in node.entries.reversed() { pending.append((entry.child, node.level - 1)) }
      }
    }
    return found
  }

  private func node(
    at address: UInt64
  ) throws(NotUnderstood) -> (level: UInt8, entries: [Entry]) {
    try file.claim(address)
    let width = 2 * halfWidth
    var window = try file.window(at: address, count: 24 + width * (8 + keySize) + keySize)
    try window.signature("TREE")
    try window.constant(UInt64(type))
    let level = try window.byte()
    let count = try window.u16()
    guard count <= width else { throw NotUnderstood("a node of \(count) children") }
    try window.skip(16)
    var entries: [Entry] = []
    entries.reserveCapacity(count)
    for _ in 0..<count {
      let key = try window.take(keySize)
      guard let child = try window.address() else { throw NotUnderstood("a child is missing") }
      entries.append(Entry(key: key, child: child))
    }
    return (level, entries)
  }
}
