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
      writeHalves(values, order, &bytes, .float16) { HalfPrecision.binary16(exactly: $0) }
      repairNaN(values, order, &bytes) { HalfPrecision.binary16(nan: $0) }
    case .bfloat16:
      writeHalves(values, order, &bytes, .bfloat16) { HalfPrecision.bfloat16(exactly: $0) }
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
        // Taken out of their optionals here, as a test in the loop would keep it from vectorising.
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
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

  /// Rounds to a 16-bit format and writes the bits; NaN becomes infinite.
  ///
  /// In two loops over a buffer, as vectors of a loop have as many elements as its widest type
  /// allows: the bits are turned around at four elements an instruction instead of two.
  @inline(__always)
  private static func writeHalves(
    _ values: Span<Double>, _ order: ByteOrder, _ bytes: inout MutableRawSpan,
    _ format: FloatFormat, _ convert: (Float) -> UInt16
  ) {
    let count = values.count
    precondition(bytes.byteCount == 2 * count)
    let swaps = order != .little
    // Pointers for the reason given above; `length` keeps all indices below `count`.
    unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: bufferCount) { buffer in
      unsafe values.withUnsafeBufferPointer { source in
        unsafe bytes.withUnsafeMutableBytes { target in
          guard let source = source.baseAddress, let target = target.baseAddress,
            let buffer = buffer.baseAddress
          else { return }
          for start in stride(from: 0, to: count, by: bufferCount) {
            let length = min(bufferCount, count &- start)
            for i in 0..<length {
              unsafe buffer[i] = roundedFloat(source[start &+ i], format)
            }
            if swaps {
              for i in 0..<length {
                let raw = unsafe convert(buffer[i]).bigEndian
                unsafe target.storeBytes(
                  of: raw, toByteOffset: 2 &* (start &+ i), as: UInt16.self)
              }
            } else {
              for i in 0..<length {
                let raw = unsafe convert(buffer[i]).littleEndian
                unsafe target.storeBytes(
                  of: raw, toByteOffset: 2 &* (start &+ i), as: UInt16.self)
              }
            }
          }
        }
      }
    }
  }

  private static let bufferCount = 256

  /// A value rounded to a 16-bit format, as the Float32 that equals it.
  @inline(__always)
  private static func roundedFloat(_ x: Double, _ format: FloatFormat) -> Float {
    let magnitude = format.roundedMagnitude(x).bitPattern
    return Float(Double(bitPattern: magnitude | x.bitPattern & 0x8000_0000_0000_0000))
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
