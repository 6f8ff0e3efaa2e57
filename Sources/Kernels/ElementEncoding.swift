internal import CKernels
package import Checkpoints

/// From Float64 to the bytes of a file.
package enum ElementEncoding {
  /// Rounds values to an element type, once and directly: to nearest, ties to even.
  ///
  /// Overflow gives infinity (NaN in E4M3, which has none), subnormal numbers are kept, a NaN stays a NaN (quiet, with its sign).
  ///
  /// - Parameters:
  ///   - values: The values.
  ///   - type: A floating-point type; anything else is a fault of the caller.
  ///   - order: The order of the bytes of an element.
  ///   - bytes: Receives `values.count` elements; need not be aligned.
  package static func encode(
    _ values: Span<Double>, as type: ElementType, _ order: ByteOrder,
    into bytes: inout MutableRawSpan
  ) {
    if EightBitFloats.contains(type) {
      EightBitFloats.encode(values, as: type, into: &bytes)
      return
    }
    guard let format = kernelFormat(type), let size = type.byteCount else {
      preconditionFailure("values can't be rounded to \(type)")
    }
    let count = values.count
    precondition(bytes.byteCount == count * size)
    // Safe: the sizes were compared above.
    unsafe values.withUnsafeBufferPointer { source in
      unsafe bytes.withUnsafeMutableBytes { target in
        unsafe ctl_encode(format, order.isSwapped, source.baseAddress, target.baseAddress, count)
      }
    }
  }
}
