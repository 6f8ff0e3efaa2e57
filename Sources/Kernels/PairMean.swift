internal import CKernels
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
  ///   large), or for a type without such a kernel, the result means nothing and ``ExactMean`` is to be asked.
  package static func combine(
    _ a: RawSpan, _ b: RawSpan, as type: ElementType, _ order: ByteOrder,
    into result: inout MutableRawSpan
  ) -> Bool {
    guard let format = kernelFormat(type), let size = type.byteCount else { return false }
    let byteCount = result.byteCount
    precondition(a.byteCount == byteCount && b.byteCount == byteCount && byteCount % size == 0)
    // Safe: the sizes were compared above.
    return unsafe a.withUnsafeBytes { first in
      unsafe b.withUnsafeBytes { second in
        unsafe result.withUnsafeMutableBytes { target in
          unsafe ctl_mean_of_two(
            format, order.isSwapped, first.baseAddress, second.baseAddress, target.baseAddress,
            byteCount / size)
        }
      }
    }
  }
}
