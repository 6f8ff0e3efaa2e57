internal import CKernels

/// The steps of merges by consensus (TIES) over tiles of task vectors tau_k.
///
/// Every operation rounds as written, source by source in their order; for weights w_k
///
///     vote = w_0 tau_0 + w_1 tau_1 + …                     LinearCombination.addScaled, or
///     vote = w_0 sign(tau_0) + w_1 sign(tau_1) + …         addVotes
///     sum  = Σ w_k tau_k,  weight = Σ w_k                  addAgreeing: over the k for which w_k tau_k
///                                                          has the sign of the vote
///     result = base + factor (sum / weight)                addMeans: base where the weight is zero
///
/// A vote of zero elects +; a product of zero agrees with nothing, so what was trimmed has no say.
/// A vote that is NaN makes every product count, so that no NaN or infinity is lost.
package enum Consensus {
  /// `votes += weight * sign(tau)`; the sign of zero is 0, that of NaN is NaN.
  package static func addVotes(
    _ tau: Span<Double>, weight: Double, to votes: inout MutableSpan<Double>
  ) {
    precondition(tau.count == votes.count)
    unsafe tau.withUnsafeBufferPointer { tau in
      unsafe votes.withUnsafeMutableBufferPointer {
        unsafe ctl_add_signs(tau.baseAddress, weight, $0.baseAddress, $0.count)
      }
    }
  }

  /// `sums += weight * tau` and `weights += weight` where the product has the sign of the vote.
  package static func addAgreeing(
    _ tau: Span<Double>, weight: Double, votes: Span<Double>,
    to sums: inout MutableSpan<Double>, _ weights: inout MutableSpan<Double>
  ) {
    let count = tau.count
    precondition(votes.count == count && sums.count == count && weights.count == count)
    unsafe tau.withUnsafeBufferPointer { tau in
      unsafe votes.withUnsafeBufferPointer { votes in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          unsafe weights.withUnsafeMutableBufferPointer { weights in
            unsafe ctl_add_agreeing(
              tau.baseAddress, votes.baseAddress, weight, sums.baseAddress, weights.baseAddress,
              count)
          }
        }
      }
    }
  }

  /// `result += factor * (sums / weights)` where the weight isn't zero.
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
