import CISAL
import CZlib
package import Checkpoints
import Synchronization

/// The checksum of zip members, of ranges that several threads read side by side.
package enum CRC32 {
  private static let block = 1 << 20

  /// The CRC-32 of bytes, or of all bytes so far where earlier ones have the checksum `start`.
  package static func of(_ bytes: RawSpan, after start: UInt32 = 0) -> UInt32 {
    unsafe bytes.withUnsafeBytes {
      unsafe crc32_gzip_refl(start, $0.baseAddress, UInt64($0.count))
    }
  }

  /// The CRC-32 of a range of a file.
  ///
  /// - Parameters:
  ///   - extent: The range.
  ///   - file: The file.
  ///   - threads: The most threads to use.
  /// - Returns: The checksum.
  /// - Throws: ``CheckpointError`` where the file can't be read.
  package static func of(
    _ extent: Extent, in file: InputFile, threads: Int
  ) throws(CheckpointError) -> UInt32 {
    let count = (extent.length + block - 1) / block
    let parts = Mutex([UInt32](repeating: 0, count: count))
    try forEachConcurrently(count: count, threads: threads, makeState: { [UInt8]() }) {
      (index, buffer: inout [UInt8]) throws(CheckpointError) in
      let start = index * block
      let length = min(block, extent.length - start)
      if buffer.isEmpty { buffer = [UInt8](repeating: 0, count: block) }
      var span = buffer.mutableSpan
      var whole = unsafe span.mutableBytes
      var bytes = whole._mutatingExtracting(0..<length)
      try file.read(at: extent.offset + start, into: &bytes)
      let value = of(bytes.bytes)
      parts.withLock { $0[index] = value }
    }
    var sum = Sum()
    for (index, part) in parts.withLock({ $0 }).enumerated() {
      sum.add(part, length: min(block, extent.length - index * block))
    }
    return sum.crc32
  }

  /// The checksum of parts that stand one behind the other.
  struct Sum {
    private var value: UInt = 0

    /// The checksum of all parts so far.
    var crc32: UInt32 { UInt32(truncatingIfNeeded: value) }

    /// Appends a part.
    mutating func add(_ crc32: UInt32, length: Int) {
      value = crc32_combine(value, UInt(crc32), length)
    }
  }
}
