internal import CKernels

/// Random sparsity of a tile, by uniform numbers in [0, 1) of ``CounterRandom``.
///
/// An element stays where its number is below its probability: with probability 1 always, with
/// probability 0 never. What doesn't stay becomes +0.
package enum RandomMask {
  /// Keeps every value with one probability.
  package static func apply(
    to values: inout MutableSpan<Double>, numbers: Span<Double>, keeping probability: Double
  ) {
    precondition(numbers.count == values.count)
    unsafe numbers.withUnsafeBufferPointer { numbers in
      unsafe values.withUnsafeMutableBufferPointer {
        unsafe ctl_keep_randomly(numbers.baseAddress, probability, $0.baseAddress, $0.count)
      }
    }
  }

  /// Keeps each value with a probability of its own; `rescaling` divides what stays by it.
  package static func apply(
    to values: inout MutableSpan<Double>, numbers: Span<Double>,
    keeping probabilities: Span<Double>,
    rescaling: Bool
  ) {
    precondition(numbers.count == values.count && probabilities.count == values.count)
    unsafe numbers.withUnsafeBufferPointer { numbers in
      unsafe probabilities.withUnsafeBufferPointer { probabilities in
        unsafe values.withUnsafeMutableBufferPointer {
          unsafe ctl_keep_by_probabilities(
            numbers.baseAddress, probabilities.baseAddress, rescaling, $0.baseAddress, $0.count)
        }
      }
    }
  }
}
