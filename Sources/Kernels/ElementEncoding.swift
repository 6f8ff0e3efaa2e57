package import Checkpoints

/// From Float64 to the bytes of a file.
package enum ElementEncoding {
  /// Rounds values to an element type, once and directly: to nearest, ties to even.
  ///
  /// Overflow gives infinity, subnormal numbers are kept, a NaN stays a NaN (quiet, with its sign).
  /// The 16-bit types aren't reached through Float32, as rounding twice can miss the nearest number.
  ///
  /// - Parameters:
  ///   - values: The values.
  ///   - type: One of the four floating-point types; anything else is a fault of the caller.
  ///   - order: The order of the bytes of an element.
  ///   - bytes: Receives `values.count` elements; need not be aligned.
  package static func encode(
    _ values: Span<Double>, as type: ElementType, _ order: ByteOrder,
    into bytes: inout MutableRawSpan
  ) {
    switch type {
    case .float64: write(values, order, &bytes) { $0.bitPattern }
    case .float32: write(values, order, &bytes) { Float($0).bitPattern }
    case .float16:
      write(values, order, &bytes) { HalfPrecision.binary16($0) }
      repairNaN(values, order, &bytes) { HalfPrecision.binary16(nan: $0) }
    case .bfloat16:
      write(values, order, &bytes) { HalfPrecision.bfloat16($0) }
      repairNaN(values, order, &bytes) { HalfPrecision.bfloat16(nan: $0) }
    default: preconditionFailure("values can't be rounded to \(type)")
    }
  }

  @inline(__always)
  private static func write<Raw: FixedWidthInteger>(
    _ values: Span<Double>, _ order: ByteOrder, _ bytes: inout MutableRawSpan,
    _ convert: (Double) -> Raw
  ) {
    let count = values.count
    precondition(bytes.byteCount == count * MemoryLayout<Raw>.size)
    // Pointers, because unaligned stores through a span are checked one by one and don't vectorise.
    // Safe: the sizes were compared above.
    unsafe values.withUnsafeBufferPointer { source in
      unsafe bytes.withUnsafeMutableBytes { target in
        if order == .little {
          for i in 0..<count {
            let raw = unsafe convert(source[i]).littleEndian
            unsafe target.storeBytes(
              of: raw, toByteOffset: i &* MemoryLayout<Raw>.size, as: Raw.self)
          }
        } else {
          for i in 0..<count {
            let raw = unsafe convert(source[i]).bigEndian
            unsafe target.storeBytes(
              of: raw, toByteOffset: i &* MemoryLayout<Raw>.size, as: Raw.self)
          }
        }
      }
    }
  }

  /// Writes the NaNs again: the fast conversion makes them infinite, and they are rare.
  private static func repairNaN(
    _ values: Span<Double>, _ order: ByteOrder, _ bytes: inout MutableRawSpan,
    _ convert: (Double) -> UInt16
  ) {
    guard FiniteCheck.containsNaN(values) else { return }
    for i in values.indices where values[i].isNaN {
      let bits = convert(values[i])
      bytes.storeBytes(
        of: order == .little ? bits.littleEndian : bits.bigEndian, toByteOffset: 2 * i,
        as: UInt16.self)
    }
  }
}
