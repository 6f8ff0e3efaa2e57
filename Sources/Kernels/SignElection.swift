internal import CKernels

/// The steps of merges that elect a sign for each element (TIES), over tiles of task vectors τₖ.
///
/// Every operation rounds as written, source by source in their order:
///
///     vote = Σ vₖ τₖ                          LinearCombination.addScaled; v is w, or 1
///     sum = Σ wₖ τₖ,  weight = Σ wₖ           addAgreeing: over the k for which vₖ τₖ has the vote's sign
///     result = base + factor (sum / weight)   addMeans: undivided where the weight is zero
///
/// A product of zero agrees with nothing, so what was trimmed has no say. A vote that is NaN makes
/// everything count, so that no NaN or infinity is lost.
package enum SignElection {
  /// `sums += weight * tau` and `weights += weight` where `voice * tau` has the sign of the vote.
  ///
  /// - Parameters:
  ///   - tau: A task vector.
  ///   - weight: Its weight.
  ///   - voice: Its weight in the election.
  ///   - votes: What was elected.
  ///   - zeroIsPositive: Whether a vote of zero elects the positive sign, or nobody.
  ///   - sums: Receives the products.
  ///   - weights: Receives the weights.
  package static func addAgreeing(
    _ tau: Span<Double>, weight: Double, voice: Double, votes: Span<Double>,
    zeroIsPositive: Bool, to sums: inout MutableSpan<Double>,
    _ weights: inout MutableSpan<Double>
  ) {
    let count = tau.count
    precondition(votes.count == count && sums.count == count && weights.count == count)
    unsafe tau.withUnsafeBufferPointer { tau in
      unsafe votes.withUnsafeBufferPointer { votes in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          unsafe weights.withUnsafeMutableBufferPointer { weights in
            unsafe ctl_add_agreeing(
              tau.baseAddress, votes.baseAddress, weight, voice, zeroIsPositive,
              sums.baseAddress, weights.baseAddress, count)
          }
        }
      }
    }
  }

  /// `result += factor * (sums / weights)`; where the weight is zero, the sum isn't divided.
  package static func addMeans(
    _ sums: Span<Double>, over weights: Span<Double>, by factor: Double,
    to result: inout MutableSpan<Double>
  ) {
    let count = result.count
    precondition(sums.count == count && weights.count == count)
    unsafe sums.withUnsafeBufferPointer { sums in
      unsafe weights.withUnsafeBufferPointer { weights in
        unsafe result.withUnsafeMutableBufferPointer {
          unsafe ctl_add_scaled_quotients(
            sums.baseAddress, weights.baseAddress, factor, $0.baseAddress, count)
        }
      }
    }
  }
}
