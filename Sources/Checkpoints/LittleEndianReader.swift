/// Reads numbers from bytes of a file, front to back; nil where the bytes end before.
package struct LittleEndianReader {
  private let bytes: [UInt8]
  /// The position of the next byte.
  package private(set) var position: Int

  /// A reader that begins at a position.
  package init(_ bytes: [UInt8], at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  /// The number of bytes that are left.
  package var remaining: Int { bytes.count - position }

  /// The next `count` bytes.
  package mutating func take(_ count: Int) -> [UInt8]? {
    guard count >= 0, position >= 0, count <= remaining else { return nil }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  /// A number of `width` bytes, at most 8; nil too where it is beyond `Int.max`.
  package mutating func unsigned(_ width: Int) -> Int? {
    guard let bytes = take(width) else { return nil }
    return Int(exactly: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  /// A number of two bytes.
  package mutating func u16() -> Int? { unsigned(2) }
  /// A number of four bytes.
  package mutating func u32() -> Int? { unsigned(4) }
  /// A number of eight bytes.
  package mutating func u64() -> Int? { unsigned(8) }
}
