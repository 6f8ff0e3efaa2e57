package import Checkpoints

/// The mean of two tensors of one element type, from bytes to bytes.
///
/// The same results as ``ExactMean`` without the way through Float64, which costs several times as
/// much. The formula is (a + b)·½ in the processor's Float32 or Float64, and it is correctly rounded:
///
/// * float32, float64: the sum is the nearest number to a + b, and halving rounds only where the
///   result is subnormal; there sums are exact, as all numbers are multiples of the smallest one.
/// * float16, bfloat16 in Float32: halving is exact. An inexact sum needs more than 24 bits, so b is
///   so much smaller than a that both the exact and the rounded mean lie nearer to a/2 than to any
///   midpoint of the 16-bit type; and a/2 is a number of that type, because sums of numbers whose
///   halves are subnormal have fewer bits and are exact.
package enum PairMean {
  /// Computes the means of stored elements.
  ///
  /// - Parameters:
  ///   - a: The elements of the first tensor; need not be aligned.
  ///   - b: As many elements of the second one.
  ///   - type: The floating-point type of both, and of the result.
  ///   - order: The byte order of all three.
  ///   - result: Receives the means.
  /// - Returns: Whether all sums are finite. If not (NaN, infinities, or the sum of two numbers too
  ///   large), the result means nothing and ``ExactMean`` is to be asked.
  package static func combine(
    _ a: RawSpan, _ b: RawSpan, as type: ElementType, _ order: ByteOrder,
    into result: inout MutableRawSpan
  ) -> Bool {
    switch type {
    case .float64: run(Float64Mean.self, a, b, order, &result)
    case .float32: run(Float32Mean.self, a, b, order, &result)
    case .float16: run(Float16Mean.self, a, b, order, &result)
    case .bfloat16: run(Bfloat16Mean.self, a, b, order, &result)
    default: preconditionFailure("a mean can't be rounded to \(type)")
    }
  }

  @inline(__always)
  private static func run<Mean: MeanOfBits>(
    _: Mean.Type, _ a: RawSpan, _ b: RawSpan, _ order: ByteOrder, _ result: inout MutableRawSpan
  ) -> Bool {
    typealias Raw = Mean.Raw
    let size = MemoryLayout<Raw>.size
    let byteCount = result.byteCount
    precondition(a.byteCount == byteCount && b.byteCount == byteCount && byteCount % size == 0)
    // Pointers, because unaligned access through a span is checked one by one and doesn't vectorise.
    // Safe: the sizes were compared above.
    return unsafe a.withUnsafeBytes { first in
      unsafe b.withUnsafeBytes { second in
        unsafe result.withUnsafeMutableBytes { target in
          guard let first = first.baseAddress, let second = second.baseAddress,
            let target = target.baseAddress
          else { return true }
          var check: Mean.Check = 0
          if order == .little {
            for i in 0..<(byteCount / size) {
              let x = unsafe first.loadUnaligned(fromByteOffset: i &* size, as: Raw.self)
              let y = unsafe second.loadUnaligned(fromByteOffset: i &* size, as: Raw.self)
              let (bits, flags) = Mean.mean(Raw(littleEndian: x), Raw(littleEndian: y))
              check |= flags
              unsafe target.storeBytes(
                of: bits.littleEndian, toByteOffset: i &* size, as: Raw.self)
            }
          } else {
            for i in 0..<(byteCount / size) {
              let x = unsafe first.loadUnaligned(fromByteOffset: i &* size, as: Raw.self)
              let y = unsafe second.loadUnaligned(fromByteOffset: i &* size, as: Raw.self)
              let (bits, flags) = Mean.mean(Raw(bigEndian: x), Raw(bigEndian: y))
              check |= flags
              unsafe target.storeBytes(of: bits.bigEndian, toByteOffset: i &* size, as: Raw.self)
            }
          }
          return check == 0
        }
      }
    }
  }
}

/// The mean of two numbers given as bits.
///
/// Types with a static function, not closures: compilers inline these wherever they are told to.
private protocol MeanOfBits {
  associatedtype Raw: FixedWidthInteger
  associatedtype Check: FixedWidthInteger

  /// The bits of the mean, and zero where the sum is finite.
  static func mean(_ a: Raw, _ b: Raw) -> (bits: Raw, check: Check)
}

private enum Float64Mean: MeanOfBits {
  @inline(__always)
  static func mean(_ a: UInt64, _ b: UInt64) -> (bits: UInt64, check: UInt64) {
    let sum = Double(bitPattern: a) + Double(bitPattern: b)
    return ((sum * 0.5).bitPattern, (sum - sum).bitPattern)
  }
}

private enum Float32Mean: MeanOfBits {
  @inline(__always)
  static func mean(_ a: UInt32, _ b: UInt32) -> (bits: UInt32, check: UInt32) {
    let sum = Float(bitPattern: a) + Float(bitPattern: b)
    return ((sum * 0.5).bitPattern, (sum - sum).bitPattern)
  }
}

private enum Float16Mean: MeanOfBits {
  @inline(__always)
  static func mean(_ a: UInt16, _ b: UInt16) -> (bits: UInt16, check: UInt32) {
    let sum = HalfPrecision.float(binary16: a) + HalfPrecision.float(binary16: b)
    return (HalfPrecision.binary16(nearestTo: sum * 0.5), (sum - sum).bitPattern)
  }
}

private enum Bfloat16Mean: MeanOfBits {
  @inline(__always)
  static func mean(_ a: UInt16, _ b: UInt16) -> (bits: UInt16, check: UInt32) {
    let sum = HalfPrecision.float(bfloat16: a) + HalfPrecision.float(bfloat16: b)
    return (HalfPrecision.bfloat16(nearestTo: sum * 0.5), (sum - sum).bitPattern)
  }
}
