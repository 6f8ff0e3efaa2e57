private import CDeflate
internal import Checkpoints
private import Synchronization

/// Filter 1: a zlib stream (RFC 1950) with its Adler-32 checksum.
struct DeflateFilter: ChunkFilter {
  let name = "deflate"
  private let pool: DeflatePool

  /// The filter for a compression level from 0 to 9; greater ones count as 9.
  init(level: Int) {
    pool = DeflatePool.shared[Self.effort(level: min(max(level, 0), 9))]
  }

  /// The level of libdeflate that does what a level of zlib asks for.
  ///
  /// Levels are zlib's in HDF5 files. Of shuffled weights (float32, float16, bfloat16; random and
  /// trained) libdeflate's second level makes fewer bytes than zlib's sixth, and is a fifth faster
  /// than its own fourth; its first makes more than zlib's fourth of small trained networks.
  static func effort(level: Int) -> Int {
    (3...6).contains(level) ? 2 : level
  }

  func decode(_ stored: [UInt8], limit: Int) throws(ChunkError) -> [UInt8] {
    let decompressor = try pool.takeDecompressor()
    defer { pool.give(decompressor) }
    var result = LIBDEFLATE_BAD_DATA
    // libdeflate writes at most `limit` bytes and says how many it wrote.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { target, count in
      result = unsafe stored.withUnsafeBytes { source in
        unsafe libdeflate_zlib_decompress(
          decompressor.pointer, source.baseAddress, source.count, target.baseAddress, limit, &count)
      }
      if result != LIBDEFLATE_SUCCESS { count = 0 }
    }
    switch result {
    case LIBDEFLATE_SUCCESS: return bytes
    case LIBDEFLATE_INSUFFICIENT_SPACE:
      throw ChunkError("inflates to more than \(limit) bytes")
    default: throw ChunkError("isn't a valid zlib stream")
    }
  }

  func encode(_ bytes: [UInt8]) throws(ChunkError) -> [UInt8] {
    let compressor = try pool.takeCompressor()
    defer { pool.give(compressor) }
    let bound = unsafe libdeflate_zlib_compress_bound(compressor.pointer, bytes.count)
    let stream = unsafe [UInt8](unsafeUninitializedCapacity: bound) { target, count in
      count = unsafe bytes.withUnsafeBytes { source in
        unsafe libdeflate_zlib_compress(
          compressor.pointer, source.baseAddress, source.count, target.baseAddress, bound)
      }
    }
    // Can't happen within the bound; zero is libdeflate's word for "doesn't fit".
    guard !stream.isEmpty else { throw ChunkError("couldn't be compressed") }
    return stream
  }

  func encodedLimit(for byteCount: Int) -> Int {
    // Generous: no deflater in use makes more than this of bytes that can't be compressed.
    byteCount.saturatingAdd(byteCount / 8 + 1024)
  }
}

/// Compressors and decompressors that wait for their next chunk.
///
/// A compressor is half a megabyte that must be prepared; chunks may be small. Threads take one each
/// and give it back. All data sets share them: a file may have thousands.
private final class DeflatePool: Sendable {
  /// The pools of the levels from 0 to 9.
  static let shared = (0...9).map { DeflatePool(level: Int32($0)) }

  private let level: Int32
  private let decompressors = Mutex<[Decompressor]>([])
  private let compressors = Mutex<[Compressor]>([])

  init(level: Int32) {
    self.level = level
  }

  func takeDecompressor() throws(ChunkError) -> Decompressor {
    if let idle = decompressors.withLock({ $0.popLast() }) { return idle }
    guard let pointer = unsafe libdeflate_alloc_decompressor() else {
      throw ChunkError("can't be inflated: no memory is left")
    }
    return unsafe Decompressor(pointer)
  }

  func give(_ decompressor: Decompressor) {
    decompressors.withLock { $0.append(decompressor) }
  }

  func takeCompressor() throws(ChunkError) -> Compressor {
    if let idle = compressors.withLock({ $0.popLast() }) { return idle }
    guard let pointer = unsafe libdeflate_alloc_compressor(level) else {
      throw ChunkError("can't be deflated: no memory is left")
    }
    return unsafe Compressor(pointer)
  }

  func give(_ compressor: Compressor) {
    compressors.withLock { $0.append(compressor) }
  }
}

/// Owns a libdeflate decompressor; the pool lets one thread at a time have it.
@safe private final class Decompressor: @unchecked Sendable {
  let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) {
    unsafe self.pointer = pointer
  }

  deinit {
    unsafe libdeflate_free_decompressor(pointer)
  }
}

/// Owns a libdeflate compressor; the pool lets one thread at a time have it.
@safe private final class Compressor: @unchecked Sendable {
  let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) {
    unsafe self.pointer = pointer
  }

  deinit {
    unsafe libdeflate_free_compressor(pointer)
  }
}
