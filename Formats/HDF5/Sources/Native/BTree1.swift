/// A B-tree of version 1, walked from left to right.
///
/// Source: HDF5 File Format Specification 3.0, section III.A.1.
struct BTree1 {
  /// A pointer with the keys before and behind it.
  struct Entry {
    let key: ByteWindow
    let child: UInt64
    let nextKey: ByteWindow
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
    var pending: [(address: UInt64, level: UInt8?, parent: Entry?)] = [(root, nil, nil)]
    while let (address, level, parent) = pending.popLast() {
      let node = try node(at: address)
      if let level, level != node.level { throw NotUnderstood("a node at a wrong level") }
      if let parent { try check(node.entries, under: parent) }
      if node.level == 0 {
        found.append(contentsOf: node.entries)
      } else {
        for entry in node.entries.reversed() {
          pending.append((entry.child, node.level - 1, entry))
        }
      }
    }
    return found
  }

  /// The keys of links are those by which libhdf5 looks up a name: a node's outer keys are the keys
  /// around it in its parent.
  private func check(_ entries: [Entry], under parent: Entry) throws(NotUnderstood) {
    guard type == 0 else { return }
    guard var first = entries.first?.key, var last = entries.last?.nextKey else {
      throw NotUnderstood("a node without children")
    }
    var (left, right) = (parent.key, parent.nextKey)
    guard try first.u64() == left.u64(), try last.u64() == right.u64() else {
      throw NotUnderstood("a node's keys")
    }
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
    var key = try window.take(keySize)
    for _ in 0..<count {
      guard let child = try window.address() else { throw NotUnderstood("a child is missing") }
      let nextKey = try window.take(keySize)
      entries.append(Entry(key: key, child: child, nextKey: nextKey))
      key = nextKey
    }
    return (level, entries)
  }
}
