internal import Checkpoints

/// Filter 2: first all first bytes of the elements, then all second bytes, and so on.
///
/// Bytes behind the last whole element keep their places.
struct ShuffleFilter: ChunkFilter {
  let name = "shuffle"
  let elementSize: Int

  func decode(_ stored: [UInt8], limit: Int) throws(ChunkError) -> [UInt8] {
    guard stored.count <= limit else {
      throw ChunkError("holds \(stored.count) bytes instead of \(limit)")
    }
    let count = stored.count / elementSize
    if elementSize == 1 || count < 2 { return stored }
    switch elementSize {
    case 2: return gathered(UInt16.self, stored)
    case 4: return gathered(UInt32.self, stored)
    case 8: return gathered(UInt64.self, stored)
    default:
      var bytes = stored
      for byte in 0..<elementSize {
        for i in 0..<count { bytes[i * elementSize + byte] = stored[byte * count + i] }
      }
      return bytes
    }
  }

  func encode(_ bytes: [UInt8]) throws(ChunkError) -> [UInt8] {
    let count = bytes.count / elementSize
    if elementSize == 1 || count < 2 { return bytes }
    switch elementSize {
    case 2: return scattered(UInt16.self, bytes)
    case 4: return scattered(UInt32.self, bytes)
    case 8: return scattered(UInt64.self, bytes)
    default:
      var stored = bytes
      for byte in 0..<elementSize {
        for i in 0..<count { stored[byte * count + i] = bytes[i * elementSize + byte] }
      }
      return stored
    }
  }

  func encodedLimit(for byteCount: Int) -> Int { byteCount }

  /// Puts elements together in a register, which vectorises where byte-wise stores don't.
  @inline(__always)
  private func gathered<Element: FixedWidthInteger>(
    _: Element.Type, _ stored: [UInt8]
  ) -> [UInt8] {
    let size = MemoryLayout<Element>.size
    let count = stored.count / size
    // Pointers, because checks in the inner loop keep it from vectorising. Safe: the greatest index
    // read is size * count - 1, and the last element stored ends at size * count.
    return unsafe [UInt8](unsafeUninitializedCapacity: stored.count) { target, initializedCount in
      unsafe stored.withUnsafeBufferPointer { source in
        let elements = UnsafeMutableRawBufferPointer(target)
        for i in 0..<count {
          var element: Element = 0
          for byte in 0..<size {
            let part = unsafe Element(truncatingIfNeeded: source[byte &* count &+ i])
            element |= part &<< Element(truncatingIfNeeded: 8 &* byte)
          }
          unsafe elements.storeBytes(
            of: element.littleEndian, toByteOffset: i &* size, as: Element.self)
        }
        for i in (count * size)..<stored.count { unsafe target[i] = source[i] }
      }
      initializedCount = stored.count
    }
  }

  /// Takes whole elements apart, which vectorises where byte-wise loads don't.
  @inline(__always)
  private func scattered<Element: FixedWidthInteger & BitwiseCopyable>(
    _: Element.Type, _ bytes: [UInt8]
  ) -> [UInt8] {
    let size = MemoryLayout<Element>.size
    let count = bytes.count / size
    // Safe: the last element ends at size * count, and the greatest index written is one less.
    return unsafe [UInt8](unsafeUninitializedCapacity: bytes.count) { target, initializedCount in
      unsafe bytes.withUnsafeBytes { source in
        for byte in 0..<size {
          let shift = Element(truncatingIfNeeded: 8 &* byte)
          for i in 0..<count {
            let element = unsafe Element(
              littleEndian: source.loadUnaligned(fromByteOffset: i &* size, as: Element.self))
            unsafe target[byte &* count &+ i] = UInt8(truncatingIfNeeded: element &>> shift)
          }
        }
        for i in (count * size)..<bytes.count { unsafe target[i] = source[i] }
      }
      initializedCount = bytes.count
    }
  }
}
