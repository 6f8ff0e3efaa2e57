/// The chunks of a data set that can't grow, by number.
///
/// Source: HDF5 File Format Specification 3.0, section VII.C ("Fixed Array Index").
struct FixedArray {
  private let reader: ChunkIndexReader
  private let address: UInt64
  private let client: UInt64
  private let pageBits: Int
  private let count: Int
  private let block: UInt64?

  init(at address: UInt64, reader: ChunkIndexReader) throws(NotUnderstood) {
    try reader.file.claim(address)
    var head = try reader.file.window(at: address, count: 28)
    let start = head
    client = reader.isFiltered ? 1 : 0
    try head.signature("FAHD")
    try head.constant(0)
    try head.constant(client)
    try head.constant(UInt64(reader.elementSize))
    pageBits = Int(try head.byte())
    count = try head.length()
    block = try head.address()
    try head.checksum(since: start)
    guard pageBits < 32, count > 0, count < 1 << 40 else { throw NotUnderstood("an array's size") }
    self.reader = reader
    self.address = address
  }

  /// All elements up to the last stored; those that were never set have no address.
  func elements() throws(NotUnderstood) -> [ChunkIndexReader.Element] {
    guard let block else { return [] }
    try reader.file.claim(block)
    let pageLength = 1 << pageBits
    let head = 14
    if count <= pageLength {
      let size = head + count * reader.elementSize + 4
      var window = try reader.file.window(at: block, count: size)
      let start = window
      try prefix(&window)
      var found: [ChunkIndexReader.Element] = []
      for _ in 0..<count { found.append(try reader.element(&window)) }
      try window.checksum(since: start)
      return found
    }
    return try pages(at: block, head: head, pageLength: pageLength)
  }

  private func prefix(_ window: inout ByteWindow) throws(NotUnderstood) {
    try window.signature("FADB")
    try window.constant(0)
    try window.constant(client)
    try window.constant(address, width: 8)
  }

  /// Reads an array in pages, of which only those marked in a bitmap were ever written.
  private func pages(
    at block: UInt64, head: Int, pageLength: Int
  ) throws(NotUnderstood) -> [ChunkIndexReader.Element] {
    let pageCount = (count - 1) / pageLength + 1
    let bitmapSize = (pageCount + 7) / 8
    var window = try reader.file.window(at: block, count: head + bitmapSize + 4)
    let start = window
    try prefix(&window)
    let bitmap = try window.array(bitmapSize)
    try window.checksum(since: start)
    try reader.file.spend(count)
    var found: [ChunkIndexReader.Element] = []
    var place = head + bitmapSize + 4
    for page in 0..<pageCount {
      let length = min(pageLength, count - page * pageLength)
      let size = length * reader.elementSize + 4
      if bitmap[page / 8] & (0x80 >> UInt8(page % 8)) != 0 {
        var window = try reader.file.window(at: block &+ UInt64(place), count: size)
        let start = window
        for _ in 0..<length { found.append(try reader.element(&window)) }
        try window.checksum(since: start)
      } else {
        found += Array(repeating: .init(address: nil, byteCount: 0, mask: 0), count: length)
      }
      place += size
    }
    return found
  }
}
