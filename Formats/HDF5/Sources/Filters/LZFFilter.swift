internal import Checkpoints

/// Filter 32000: LZF, the fast compressor that h5py brings along.
///
/// A control byte c below 32 is followed by c + 1 bytes to be copied. Otherwise its upper three bits
/// are a length (7: the next byte is added) and its lower five, with the byte after that, a distance:
/// length + 2 bytes are copied from distance + 1 bytes back, overlaps included.
struct LZFFilter: ChunkFilter {
  let name = "lzf"

  private static let longestLiteral = 32
  private static let longestMatch = 264
  private static let greatestDistance = 8192
  private static let hashBits: UInt32 = 13

  func decode(_ stored: [UInt8], limit: Int) throws(ChunkError) -> [UInt8] {
    var bytes: [UInt8] = []
    // Each stored byte gives at most 88, so a short stream can't take much memory.
    bytes.reserveCapacity(min(limit, stored.count.saturatingMultiply(88)))
    var i = 0
    while i < stored.count {
      let control = Int(stored[i])
      i += 1
      if control < 32 {
        let end = i + control + 1
        guard end <= stored.count else { throw damaged("is cut off") }
        guard end - i <= limit - bytes.count else { throw tooLong(limit) }
        bytes.append(contentsOf: stored[i..<end])
        i = end
        continue
      }
      var length = control >> 5
      if length == 7 {
        guard i < stored.count else { throw damaged("is cut off") }
        length += Int(stored[i])
        i += 1
      }
      guard i < stored.count else { throw damaged("is cut off") }
      let distance = (control & 31) << 8 + Int(stored[i]) + 1
      i += 1
      length += 2
      guard distance <= bytes.count else { throw damaged("refers to bytes before its start") }
      guard length <= limit - bytes.count else { throw tooLong(limit) }
      for position in (bytes.count - distance)..<(bytes.count - distance + length) {
        bytes.append(bytes[position])
      }
    }
    return bytes
  }

  /// A greedy search for the latest occurrence of the next three bytes.
  func encode(_ bytes: [UInt8]) throws(ChunkError) -> [UInt8] {
    var stored: [UInt8] = []
    stored.reserveCapacity(encodedLimit(for: bytes.count))
    var latest = [Int](repeating: -1, count: 1 << Int(LZFFilter.hashBits))
    var literalStart = 0
    var i = 0
    while i + 2 < bytes.count {
      let hash = LZFFilter.hash(bytes, at: i)
      let candidate = latest[hash]
      latest[hash] = i
      guard candidate >= 0, i - candidate <= LZFFilter.greatestDistance,
        bytes[candidate] == bytes[i], bytes[candidate + 1] == bytes[i + 1],
        bytes[candidate + 2] == bytes[i + 2]
      else {
        i += 1
        continue
      }
      var length = 3
      let longest = min(LZFFilter.longestMatch, bytes.count - i)
      while length < longest, bytes[candidate + length] == bytes[i + length] { length += 1 }
      appendLiterals(bytes[literalStart..<i], to: &stored)
      appendMatch(length: length, distance: i - candidate, to: &stored)
      i += length
      literalStart = i
    }
    appendLiterals(bytes[literalStart...], to: &stored)
    return stored
  }

  func encodedLimit(for byteCount: Int) -> Int {
    byteCount.saturatingAdd(byteCount / LZFFilter.longestLiteral + 1)
  }

  private static func hash(_ bytes: [UInt8], at i: Int) -> Int {
    let word = UInt32(bytes[i]) << 16 | UInt32(bytes[i + 1]) << 8 | UInt32(bytes[i + 2])
    return Int((word &* 2_654_435_761) >> (32 - hashBits))
  }

  private func appendLiterals(_ bytes: ArraySlice<UInt8>, to stored: inout [UInt8]) {
    var rest = bytes
    while !rest.isEmpty {
      let run = rest.prefix(LZFFilter.longestLiteral)
      stored.append(UInt8(run.count - 1))
      stored.append(contentsOf: run)
      rest = rest.dropFirst(run.count)
    }
  }

  private func appendMatch(length: Int, distance: Int, to stored: inout [UInt8]) {
    let length = length - 2
    let offset = distance - 1
    stored.append(UInt8(min(length, 7) << 5 | offset >> 8))
    if length >= 7 { stored.append(UInt8(length - 7)) }
    stored.append(UInt8(offset & 0xFF))
  }

  private func damaged(_ fact: String) -> ChunkError {
    ChunkError("is an LZF stream that \(fact)")
  }

  private func tooLong(_ limit: Int) -> ChunkError {
    ChunkError("decompresses to more than \(limit) bytes")
  }
}
