import Checkpoints

/// What the superblock says about the rest of the file.
///
/// Source: HDF5 File Format Specification 3.0, section II.A; ``Superblock`` has checked signature,
/// version, sizes and the end already.
struct NativeSuperblock {
  let file: MetadataFile
  /// 0...3.
  let version: Int
  let userBlockSize: UInt64
  let rootAddress: UInt64
  /// The position in the file where the content ends, as the superblock has it.
  let end: Int
  /// Half the most links of a symbol-table node.
  private(set) var leafK = 4
  /// Half the most children of a group's B-tree node.
  private(set) var groupK = 16
  /// Half the most children of a chunk's B-tree node.
  private(set) var chunkK = 32
  /// The B-tree and heap of the root group as the root's entry repeats them.
  private(set) var cachedSymbolTable: (tree: UInt64, heap: UInt64)?

  private static let byteCount = 100

  init(_ input: InputFile, at superblock: Superblock) throws(NotUnderstood) {
    let content = input.size - superblock.position
    let whole = MetadataFile(input, base: superblock.position, limit: input.size)
    var window = try whole.window(at: 0, count: min(Self.byteCount, content))
    let start = window
    try window.skip(9)
    let base: UInt64
    if superblock.version < 2 {
      try window.constant(0)
      try window.constant(0)
      try window.skip(1)
      try window.constant(0)
      try window.skip(3)
      leafK = try window.u16()
      groupK = try window.u16()
      try window.constant(0, width: 4)
      if superblock.version == 1 {
        chunkK = try window.u16()
        try window.skip(2)
      }
      base = try window.u64()
      guard try window.address() == nil else { throw NotUnderstood("a free-space index") }
      end = try window.length()
      guard try window.address() == nil else { throw NotUnderstood("a driver's block") }
      try window.skip(8)
      rootAddress = try window.u64()
      switch try window.u32() {
      case 0: break
      case 1:
        try window.skip(4)
        cachedSymbolTable = (try window.u64(), try window.u64())
      default: throw NotUnderstood("a root of another kind")
      }
    } else {
      try window.skip(2)
      try window.constant(0)
      base = try window.u64()
      guard try window.address() == nil else { throw NotUnderstood("a superblock extension") }
      end = try window.length()
      rootAddress = try window.u64()
      try window.checksum(since: start)
    }
    guard base == UInt64(superblock.position) else { throw NotUnderstood("another base address") }
    guard leafK > 0, groupK > 0, chunkK > 0 else { throw NotUnderstood("nodes of no entries") }
    version = superblock.version
    userBlockSize = base
    file = MetadataFile(input, base: superblock.position, limit: end)
  }
}
