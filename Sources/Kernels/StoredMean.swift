internal import CKernels
package import Checkpoints

/// The mean of k tensors of one element type, from bytes to bytes.
///
/// The same results as ``ExactMean`` at a fraction of its cost: two tensors take ``PairMean``, and of
/// more the elements are widened and added in one step. Instead of the error of each addition, the
/// range of the exponents of a block is looked at: where the unit of the least number and k times
/// the greatest lie within 53 bits, all sums are exact, and ExactMean's fast path is proven for
/// exact sums, however their exactness is known. Trained weights nearly always pass: 26 powers of two
/// are allowed between the numbers of eight sources of Float32, and 42 for bfloat16; binary16 has
/// too few for any to fail.
package enum StoredMean {
  /// Elements in a block: their sums fit the first-level cache.
  private static let blockCount = 2048

  /// Computes the means of stored elements.
  ///
  /// - Parameters:
  ///   - buffers: The bytes that hold the elements of each tensor.
  ///   - starts: Where they begin in each of `buffers`; any alignment.
  ///   - type: The floating-point type of all, and of the result.
  ///   - order: The byte order of all.
  ///   - result: Receives the means; its size says how many elements there are.
  /// - Returns: Whether it was done. If not (NaN, infinities, sums that may be inexact), the result
  ///   means nothing and ``ExactMean`` is to be asked.
  package static func combine(
    _ buffers: [[UInt8]], at starts: [Int], as type: ElementType, _ order: ByteOrder,
    into result: inout MutableRawSpan
  ) -> Bool {
    precondition(buffers.count == starts.count)
    if buffers.count == 2 {
      let (a, b, length) = (buffers[0], buffers[1], result.byteCount)
      return unsafe PairMean.combine(
        a.span.bytes.extracting(starts[0]..<starts[0] + length),
        b.span.bytes.extracting(starts[1]..<starts[1] + length), as: type, order, into: &result)
    }
    guard buffers.count > 2, type != .float64, let format = kernelFormat(type),
      let size = type.byteCount
    else { return false }
    precondition(result.byteCount % size == 0)
    var sums = [Double](repeating: 0, count: min(blockCount, result.byteCount / size))
    let blockBytes = blockCount * size
    for place in stride(from: 0, to: result.byteCount, by: blockBytes) {
      let bytes = place..<min(place + blockBytes, result.byteCount)
      let count = bytes.count / size
      var all = sums.mutableSpan
      var block = all._mutatingExtracting(0..<count)
      var magnitudes = ctl_magnitudes(greatest: 0, least: .max)
      for source in buffers.indices {
        let elements = starts[source] + bytes.lowerBound..<starts[source] + bytes.upperBound
        let buffer = buffers[source]
        // Safe: the range is checked here, and `block` has as many values.
        unsafe buffer.span.bytes.extracting(elements).withUnsafeBytes { stored in
          unsafe block.withUnsafeMutableBufferPointer { block in
            unsafe ctl_sum(
              format, order.isSwapped, stored.baseAddress, source == 0, block.baseAddress, count,
              &magnitudes)
          }
        }
      }
      guard ctl_sum_is_exact(format, buffers.count, magnitudes) else { return false }
      LinearCombination.divide(&block, by: Double(buffers.count))
      var target = result._mutatingExtracting(bytes)
      ElementEncoding.encode(block.span, as: type, order, into: &target)
    }
    return true
  }
}
