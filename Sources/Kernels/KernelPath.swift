internal import CKernels
internal import Checkpoints

/// The instructions that the kernels use.
///
/// Those of x86-64 with AVX2, F16C and FMA where the processor has them, portable ones elsewhere;
/// results are the same bits.
package enum KernelPath {
  /// Whether the calling thread uses AVX2, F16C and FMA.
  package static var usesAVX2: Bool { ctl_uses_avx2() }

  /// Calls `body` with the portable kernels on the calling thread, for tests of both.
  package static func portably<Result>(_ body: () -> Result) -> Result {
    ctl_force_portable(true)
    defer { ctl_force_portable(false) }
    return body()
  }
}

/// The format that the C kernels know a floating-point type by; nil for other types.
@inline(__always)
func kernelFormat(_ type: ElementType) -> ctl_format? {
  switch type {
  case .float16: ctl_float16
  case .bfloat16: ctl_bfloat16
  case .float32: ctl_float32
  case .float64: ctl_float64
  default: nil
  }
}

extension ByteOrder {
  /// Whether it isn't the machine's own order.
  var isSwapped: Bool { (self == .little) != (UInt16(1).littleEndian == 1) }
}
