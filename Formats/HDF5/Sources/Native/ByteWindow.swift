/// A range of bytes of a file, read from front to back.
///
/// The only way in which the native survey looks at a file: every read is compared with what is
/// left, so no value in a file leads beyond the window. Numbers are little-endian, as all of HDF5's
/// metadata is.
struct ByteWindow {
  private let bytes: [UInt8]
  private var position: Int
  private let end: Int

  /// A window over a part of `bytes`; nil where `range` isn't inside.
  init?(_ bytes: [UInt8], _ range: Range<Int>) {
    guard range.lowerBound >= 0, range.upperBound <= bytes.count else { return nil }
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  private init(unchecked bytes: [UInt8], from position: Int, to end: Int) {
    self.bytes = bytes
    self.position = position
    self.end = end
  }

  /// The number of bytes that haven't been read.
  var remaining: Int { end - position }

  private func require(_ count: Int) throws(NotUnderstood) {
    guard count >= 0, count <= remaining else { throw NotUnderstood("a structure ends early") }
  }

  mutating func skip(_ count: Int) throws(NotUnderstood) {
    try require(count)
    position += count
  }

  mutating func byte() throws(NotUnderstood) -> UInt8 {
    try require(1)
    defer { position += 1 }
    return bytes[position]
  }

  /// A number of `width` bytes, at most 8.
  mutating func unsigned(_ width: Int) throws(NotUnderstood) -> UInt64 {
    try require(width)
    guard width <= 8 else { throw NotUnderstood("a number of \(width) bytes") }
    var value: UInt64 = 0
    for index in (position..<position + width).reversed() {
      value = value << 8 | UInt64(bytes[index])
    }
    position += width
    return value
  }

  mutating func u16() throws(NotUnderstood) -> Int { Int(try number(UInt16.self)) }
  mutating func u32() throws(NotUnderstood) -> UInt32 { try number(UInt32.self) }
  mutating func u64() throws(NotUnderstood) -> UInt64 { try number(UInt64.self) }

  /// A number of a usual width, loaded in one go.
  private mutating func number<I: FixedWidthInteger & BitwiseCopyable>(
    _ type: I.Type
  ) throws(NotUnderstood) -> I {
    try require(MemoryLayout<I>.size)
    defer { position += MemoryLayout<I>.size }
    return unsafe I(
      littleEndian: bytes.span.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: type))
  }

  /// A length of `width` bytes.
  mutating func length(_ width: Int = 8) throws(NotUnderstood) -> Int {
    guard let length = Int(exactly: width == 8 ? try u64() : try unsigned(width)) else {
      throw NotUnderstood("a length beyond 2^63")
    }
    return length
  }

  /// An address, or nil where all bits are set: "undefined".
  mutating func address() throws(NotUnderstood) -> UInt64? {
    let address = try u64()
    return address == .max ? nil : address
  }

  /// The next `count` bytes as a window of their own.
  mutating func take(_ count: Int) throws(NotUnderstood) -> ByteWindow {
    try require(count)
    defer { position += count }
    return ByteWindow(unchecked: bytes, from: position, to: position + count)
  }

  /// The next `count` bytes.
  mutating func array(_ count: Int) throws(NotUnderstood) -> [UInt8] {
    try require(count)
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  /// The bytes before the next zero, which is read too.
  mutating func terminated() throws(NotUnderstood) -> [UInt8] {
    Array(try terminatedSlice())
  }

  /// The bytes before the next zero, which is read too, not copied.
  mutating func terminatedSlice() throws(NotUnderstood) -> ArraySlice<UInt8> {
    guard let zero = bytes[position..<end].firstIndex(of: 0) else {
      throw NotUnderstood("a text without an end")
    }
    defer { position = zero + 1 }
    return bytes[position..<zero]
  }

  /// Whether the next bytes are those of `text`, which must be ASCII; nothing is read.
  func starts(with text: StaticString) -> Bool {
    guard text.utf8CodeUnitCount <= remaining else { return false }
    return text.withUTF8Buffer { wanted in
      for index in wanted.indices where unsafe wanted[index] != bytes[position + index] {
        return false
      }
      return true
    }
  }

  /// Reads a signature of ASCII letters.
  mutating func signature(_ text: StaticString) throws(NotUnderstood) {
    guard starts(with: text) else { throw NotUnderstood("no signature \(text)") }
    position += text.utf8CodeUnitCount
  }

  /// Reads a byte or a number that can only be one value.
  mutating func constant(_ value: UInt64, width: Int = 1) throws(NotUnderstood) {
    let found = try unsigned(width)
    guard found == value else { throw NotUnderstood("\(found) instead of \(value)") }
  }

  /// Compares the checksum that follows the bytes between `start` and here.
  mutating func checksum(since start: ByteWindow) throws(NotUnderstood) {
    let sum = Lookup3.hash(bytes[start.position..<position])
    guard try u32() == sum else { throw NotUnderstood("a checksum differs") }
  }
}
