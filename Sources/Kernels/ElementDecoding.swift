package import Checkpoints

/// From the bytes of a file to Float64.
package enum ElementDecoding {
  /// Turns stored elements into Float64.
  ///
  /// Exact for floats, bools and integers up to 32 bits. 64-bit integers beyond 2^53 are rounded to
  /// nearest: good for statistics, never for copying. A signalling NaN may become quiet.
  ///
  /// - Parameters:
  ///   - type: A floating-point or integer type; anything else is a fault of the caller.
  ///   - order: The order of the bytes of an element.
  ///   - bytes: `values.count` elements; need not be aligned.
  ///   - values: Receives the values.
  package static func decode(
    _ type: ElementType, _ order: ByteOrder, from bytes: RawSpan,
    into values: inout MutableSpan<Double>
  ) {
    switch type {
    case .float64: read(UInt64.self, order, bytes, &values) { Double(bitPattern: $0) }
    case .float32: read(UInt32.self, order, bytes, &values) { Double(Float(bitPattern: $0)) }
    case .float16: readHalves(order, bytes, &values) { HalfPrecision.float(binary16: $0) }
    case .bfloat16: readHalves(order, bytes, &values) { HalfPrecision.float(bfloat16: $0) }
    case .int8: read(Int8.self, order, bytes, &values) { Double($0) }
    case .int16: read(Int16.self, order, bytes, &values) { Double($0) }
    case .int32: read(Int32.self, order, bytes, &values) { Double($0) }
    case .int64: read(Int64.self, order, bytes, &values) { Double($0) }
    case .uint8, .bool: read(UInt8.self, order, bytes, &values) { Double($0) }
    case .uint16: read(UInt16.self, order, bytes, &values) { Double($0) }
    case .uint32: read(UInt32.self, order, bytes, &values) { Double($0) }
    case .uint64: read(UInt64.self, order, bytes, &values) { Double($0) }
    case .float8E4M3, .float8E5M2, .complex64, .complex128, .opaque, .compound, .string:
      preconditionFailure("elements of type \(type) have no value in Float64")
    }
  }

  @inline(__always)
  private static func read<Raw: FixedWidthInteger>(
    _: Raw.Type, _ order: ByteOrder, _ bytes: RawSpan, _ values: inout MutableSpan<Double>,
    _ convert: (Raw) -> Double
  ) {
    let count = values.count
    precondition(bytes.byteCount == count * MemoryLayout<Raw>.size)
    // Pointers, because unaligned loads through a span are checked one by one and don't vectorise.
    // Safe: the sizes were compared above.
    unsafe bytes.withUnsafeBytes { source in
      unsafe values.withUnsafeMutableBufferPointer { target in
        // Taken out of their optionals here, as a test in the loop would keep it from vectorising.
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        if order == .little {
          for i in 0..<count {
            let raw = unsafe source.loadUnaligned(
              fromByteOffset: i &* MemoryLayout<Raw>.size, as: Raw.self)
            unsafe target[i] = convert(Raw(littleEndian: raw))
          }
        } else {
          for i in 0..<count {
            let raw = unsafe source.loadUnaligned(
              fromByteOffset: i &* MemoryLayout<Raw>.size, as: Raw.self)
            unsafe target[i] = convert(Raw(bigEndian: raw))
          }
        }
      }
    }
  }

  /// Reads halves through Float32, which is exact.
  ///
  /// In two loops over a buffer, as vectors of a loop have as many elements as its widest type
  /// allows: the bits are turned around at four elements an instruction instead of two.
  @inline(__always)
  private static func readHalves(
    _ order: ByteOrder, _ bytes: RawSpan, _ values: inout MutableSpan<Double>,
    _ convert: (UInt16) -> Float
  ) {
    let count = values.count
    precondition(bytes.byteCount == 2 * count)
    let swaps = order != .little
    // Pointers for the reason given above; `length` keeps all indices below `count`.
    unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: bufferCount) { buffer in
      unsafe bytes.withUnsafeBytes { source in
        unsafe values.withUnsafeMutableBufferPointer { target in
          guard let source = source.baseAddress, let target = target.baseAddress,
            let buffer = buffer.baseAddress
          else { return }
          for start in stride(from: 0, to: count, by: bufferCount) {
            let length = min(bufferCount, count &- start)
            if swaps {
              for i in 0..<length {
                let raw = unsafe source.loadUnaligned(
                  fromByteOffset: 2 &* (start &+ i), as: UInt16.self)
                unsafe buffer[i] = convert(UInt16(bigEndian: raw))
              }
            } else {
              for i in 0..<length {
                let raw = unsafe source.loadUnaligned(
                  fromByteOffset: 2 &* (start &+ i), as: UInt16.self)
                unsafe buffer[i] = convert(UInt16(littleEndian: raw))
              }
            }
            for i in 0..<length { unsafe target[start &+ i] = Double(buffer[i]) }
          }
        }
      }
    }
  }

  private static let bufferCount = 256
}
