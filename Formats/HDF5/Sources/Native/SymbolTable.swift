/// A group as HDF5 wrote it before 1.8 and h5py does by default: a B-tree of nodes of links, and a
/// heap of their names.
///
/// Source: HDF5 File Format Specification 3.0, sections III.A.1 to III.D and IV.A.2.r.
struct SymbolTable {
  let tree: UInt64
  let heap: UInt64

  init(_ body: ByteWindow) throws(NotUnderstood) {
    var body = body
    guard let tree = try body.address(), let heap = try body.address() else {
      throw NotUnderstood("a group without a place for its links")
    }
    self.tree = tree
    self.heap = heap
  }

  /// Reads all links; the tree keeps them in the order of their names.
  func links(_ superblock: NativeSuperblock) throws(NotUnderstood) -> [NativeLink] {
    let file = superblock.file
    let names = try LocalHeap(at: heap, in: file)
    let walk = BTree1(
      file: file, type: 0, keySize: 8, halfWidth: superblock.groupK)
    var links: [NativeLink] = []
    for entry in try walk.entries(at: tree) {
      let start = links.count
      try Self.append(
        nodeAt: entry.child, width: 2 * superblock.leafK, names, file, to: &links)
      try Self.check(links[start...], between: entry, names)
    }
    for (left, right) in zip(links, links.dropFirst())
    where !left.name.lexicographicallyPrecedes(right.name) {
      throw NotUnderstood("links out of order")
    }
    return links
  }

  /// libhdf5 looks up soft links by name: a node's names are behind its left key, and up to its
  /// right key.
  private static func check(
    _ links: ArraySlice<NativeLink>, between entry: BTree1.Entry, _ names: LocalHeap
  ) throws(NotUnderstood) {
    var (left, right) = (entry.key, entry.nextKey)
    let before = try names.text(at: try left.length())
    let last = try names.text(at: try right.length())
    guard let first = links.first?.name, let end = links.last?.name,
      before.lexicographicallyPrecedes(first), !last.lexicographicallyPrecedes(end)
    else { throw NotUnderstood("links beside their keys") }
  }

  private static func append(
    nodeAt address: UInt64, width: Int, _ names: LocalHeap, _ file: MetadataFile,
    to links: inout [NativeLink]
  ) throws(NotUnderstood) {
    try file.claim(address)
    var node = try file.window(at: address, count: 8 + width * 40)
    try node.signature("SNOD")
    try node.constant(1)
    try node.skip(1)
    let count = try node.u16()
    guard count <= width else { throw NotUnderstood("a node of \(count) links") }
    for _ in 0..<count {
      let name = Array(try names.text(at: try node.length()))
      let object = try node.u64()
      let kind = try node.u32()
      try node.skip(4)
      var scratch = try node.take(16)
      switch kind {
      case 0, 1: links.append(try NativeLink(name: name, target: .hard(object)))
      case 2:
        let target = Array(try names.text(at: try scratch.length(4)))
        links.append(try NativeLink(name: name, target: .soft(target)))
      default: throw NotUnderstood("a link of kind \(kind)")
      }
    }
  }
}
