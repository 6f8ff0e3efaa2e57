internal import Checkpoints

/// Filter 3: a checksum of 32 bits behind the bytes.
struct Fletcher32Filter: ChunkFilter {
  let name = "fletcher32"

  func decode(_ stored: [UInt8], limit: Int) throws(ChunkError) -> [UInt8] {
    guard stored.count >= 4 else { throw ChunkError("is too short for its checksum") }
    let count = stored.count - 4
    guard count <= limit else { throw ChunkError("holds \(count) bytes instead of \(limit)") }
    let expected = stored[count...].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let checksum = Fletcher32Filter.checksum(stored.span.extracting(0..<count))
    // HDF5 up to 1.6.2 swapped the bytes of each half on little-endian machines.
    let early = (checksum & 0x00FF_00FF) << 8 | (checksum & 0xFF00_FF00) >> 8
    guard expected == checksum || expected == early else {
      throw ChunkError("doesn't match its fletcher32 checksum")
    }
    return Array(stored[..<count])
  }

  func encode(_ bytes: [UInt8]) throws(ChunkError) -> [UInt8] {
    let checksum = Fletcher32Filter.checksum(bytes.span)
    return bytes + (0..<4).map { UInt8(truncatingIfNeeded: checksum >> UInt32(8 * $0)) }
  }

  func encodedLimit(for byteCount: Int) -> Int { byteCount.saturatingAdd(4) }

  /// Fletcher's checksum as HDF5 computes it: over big-endian words of 16 bits, an odd last byte
  /// being the upper half of a word; both sums start at zero and are taken modulo 65535, where
  /// only a sum of nothing but zeros is 0.
  private static func checksum(_ bytes: Span<UInt8>) -> UInt32 {
    var first: UInt64 = 0
    var second: UInt64 = 0
    var start = 0
    while start < bytes.count {
      // 2^20 words: the second sum stays below 2^20 * 2^37 = 2^57.
      let end = min(start + 1 << 21, bytes.count)
      let wholeEnd = end - (end - start) % 2
      for i in stride(from: start, to: wholeEnd, by: 2) {
        first &+= UInt64(bytes[i]) << 8 | UInt64(bytes[i + 1])
        second &+= first
      }
      if wholeEnd < end {
        first += UInt64(bytes[wholeEnd]) << 8
        second += first
      }
      first = folded(first)
      second = folded(second)
      start = end
    }
    return UInt32(second) << 16 | UInt32(first)
  }

  /// A sum modulo 65535, where multiples other than zero give 65535.
  private static func folded(_ sum: UInt64) -> UInt64 {
    var sum = sum
    while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
    return sum
  }
}
