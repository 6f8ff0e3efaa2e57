/// The checksum of HDF5's metadata since version 1.8.
///
/// Source: Bob Jenkins, *lookup3* (2006), the byte-by-byte form of `hashlittle` with seed 0, which
/// the HDF5 File Format Specification 3.0 names in each structure that has a checksum.
enum Lookup3 {
  /// The hash of some bytes.
  static func hash(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    let seed = 0xDEAD_BEEF &+ UInt32(truncatingIfNeeded: bytes.count)
    var (a, b, c) = (seed, seed, seed)
    var position = bytes.startIndex
    while bytes.endIndex - position > 12 {
      a &+= word(bytes, position)
      b &+= word(bytes, position + 4)
      c &+= word(bytes, position + 8)
      mix(&a, &b, &c)
      position += 12
    }
    guard position < bytes.endIndex else { return c }
    var tail = (a: UInt32(0), b: UInt32(0), c: UInt32(0))
    for (place, byte) in bytes[position...].enumerated() {
      let part = UInt32(byte) << UInt32(8 * (place % 4))
      switch place / 4 {
      case 0: tail.a |= part
      case 1: tail.b |= part
      default: tail.c |= part
      }
    }
    a &+= tail.a
    b &+= tail.b
    c &+= tail.c
    finish(&a, &b, &c)
    return c
  }

  private static func word(_ bytes: ArraySlice<UInt8>, _ at: Int) -> UInt32 {
    UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16
      | UInt32(bytes[at + 3]) << 24
  }

  private static func rotated(_ value: UInt32, _ count: UInt32) -> UInt32 {
    value << count | value >> (32 - count)
  }

  private static func mix(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
    a = (a &- c) ^ rotated(c, 4)
    c &+= b
    b = (b &- a) ^ rotated(a, 6)
    a &+= c
    c = (c &- b) ^ rotated(b, 8)
    b &+= a
    a = (a &- c) ^ rotated(c, 16)
    c &+= b
    b = (b &- a) ^ rotated(a, 19)
    a &+= c
    c = (c &- b) ^ rotated(b, 4)
    b &+= a
  }

  private static func finish(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
    c = (c ^ b) &- rotated(b, 14)
    a = (a ^ c) &- rotated(c, 11)
    b = (b ^ a) &- rotated(a, 25)
    c = (c ^ b) &- rotated(b, 16)
    a = (a ^ c) &- rotated(c, 4)
    b = (b ^ a) &- rotated(a, 14)
    c = (c ^ b) &- rotated(b, 24)
  }
}
