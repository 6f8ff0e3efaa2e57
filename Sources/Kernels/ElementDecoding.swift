internal import CKernels
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
    case .float64, .float32, .float16, .bfloat16:
      readFloats(type, order, bytes, &values)
    case .int8: read(Int8.self, order, bytes, &values) { Double($0) }
    case .int16: read(Int16.self, order, bytes, &values) { Double($0) }
    case .int32: read(Int32.self, order, bytes, &values) { Double($0) }
    case .int64: read(Int64.self, order, bytes, &values) { Double($0) }
    case .uint8, .bool: read(UInt8.self, order, bytes, &values) { Double($0) }
    case .uint16: read(UInt16.self, order, bytes, &values) { Double($0) }
    case .uint32: read(UInt32.self, order, bytes, &values) { Double($0) }
    case .uint64: read(UInt64.self, order, bytes, &values) { Double($0) }
    case .float8E4M3, .float8E5M2: EightBitFloats.decode(type, from: bytes, into: &values)
    case .complex64, .complex128, .opaque, .compound, .packed, .string:
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

  private static func readFloats(
    _ type: ElementType, _ order: ByteOrder, _ bytes: RawSpan, _ values: inout MutableSpan<Double>
  ) {
    guard let format = kernelFormat(type), let size = type.byteCount else {
      preconditionFailure("elements of type \(type) aren't floating-point numbers")
    }
    let count = values.count
    precondition(bytes.byteCount == count * size)
    // Safe: the sizes were compared above.
    unsafe bytes.withUnsafeBytes { source in
      unsafe values.withUnsafeMutableBufferPointer { target in
        unsafe ctl_decode(format, order.isSwapped, source.baseAddress, target.baseAddress, count)
      }
    }
  }
}
