/// The names of a group's links.
///
/// Source: HDF5 File Format Specification 3.0, section III.D.
struct LocalHeap {
  private let segment: ByteWindow
  private let file: MetadataFile

  init(at address: UInt64, in file: MetadataFile) throws(NotUnderstood) {
    try file.claim(address)
    var head = try file.window(at: address, count: 32)
    try head.signature("HEAP")
    try head.constant(0)
    try head.skip(3)
    let size = try head.length()
    let free = try head.length()
    guard let data = try head.address() else { throw NotUnderstood("a heap without bytes") }
    segment = try file.window(at: data, count: size)
    self.file = file
    try checkFreeList(from: free, size: size)
  }

  /// libhdf5 refuses a heap whose list of free blocks is damaged, although readers don't need it.
  private func checkFreeList(from first: Int, size: Int) throws(NotUnderstood) {
    let end = 1
    var offset = first
    var blocks = 0
    while offset != end {
      blocks += 1
      guard blocks <= size / 16 else { throw NotUnderstood("free blocks in a circle") }
      var block = segment
      try block.skip(offset)
      offset = try block.length()
      let length = try block.length()
      guard offset > 0, length >= 16, length - 16 <= block.remaining else {
        throw NotUnderstood("a free block")
      }
    }
  }

  /// The text at an offset, without the zero at its end.
  func text(at offset: Int) throws(NotUnderstood) -> ArraySlice<UInt8> {
    var rest = segment
    try rest.skip(offset)
    let text = try rest.terminatedSlice()
    // Overlapping names would make the work grow with the square of the heap.
    try file.spend(text.count)
    return text
  }
}
