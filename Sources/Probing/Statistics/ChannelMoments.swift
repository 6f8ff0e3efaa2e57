internal import CMetrics

/// The mean and variance of each channel over all rows of all batches, as BatchNorm's statistics are
/// made anew: exactly pooled, every row with the same weight.
///
/// With the channel's first value s as a shift,
///
///     mean      s + sum (x - s) / n
///     variance  (sum (x - s)^2 - (sum (x - s))^2 / n) / n
///
/// Rows are added in order, each channel for itself, with the errors of additions kept: the results
/// are the same bits for any cutting into batches and any number of threads. The relative error of a
/// variance is a few 2^-53 times 1 + (mean - s)^2 / variance.
package struct ChannelMoments: Sendable {
  /// The number of channels.
  package let channels: Int
  /// The number of rows so far.
  package private(set) var rows = 0
  /// Five numbers a channel: the shifts, then the sums, their errors, the squares, their errors.
  private var state: [Double]

  /// No rows yet.
  package init(channels: Int) {
    self.channels = channels
    state = Array(repeating: 0, count: 5 * channels)
  }

  /// Takes rows of channels (channels last: samples and pixels are rows).
  ///
  /// - Parameters:
  ///   - values: `rows x channels` values, row by row.
  ///   - parallel: Spreads groups of channels over threads.
  package mutating func add(_ values: UnsafeBufferPointer<Float>, parallel: ParallelLoop) {
    guard channels > 0, let from = values.baseAddress else { return }
    let added = values.count / channels
    precondition(added * channels == values.count, "a row that isn't whole")
    if rows == 0 && added > 0 {
      // A first value that isn't finite spoils its channel in any case.
      for c in 0..<channels { state[c] = unsafe Double(from[c]) }
    }
    rows += added
    let channels = self.channels
    let group = 16  // the floats of a cache line
    // Safe: groups of channels are apart, and the loop ends before the array goes.
    unsafe state.withUnsafeMutableBufferPointer { state in
      guard let base = state.baseAddress else { return }
      nonisolated(unsafe) let (from, state) = unsafe (from, base)
      parallel((channels + group - 1) / group) { number in
        let first = number * group
        let own = unsafe state + first
        unsafe ctl_moments_add(
          from + first, added, channels, min(group, channels - first), own, own + channels,
          own + 2 * channels, own + 3 * channels, own + 4 * channels)
      }
    }
  }

  /// The mean of each channel; not a number without rows.
  package var means: [Double] {
    (0..<channels).map { state[$0] + total($0, 1) / Double(rows) }
  }

  /// The variance of each channel (divisor n, as BatchNorm's); not a number without rows.
  package var variances: [Double] {
    (0..<channels).map { c in
      let n = Double(rows), sum = total(c, 1)
      let variance = (total(c, 3) - sum * (sum / n)) / n
      // Rounding mustn't make a constant channel's variance negative; a NaN stays one.
      return variance < 0 ? 0 : variance
    }
  }

  private func total(_ channel: Int, _ which: Int) -> Double {
    state[which * channels + channel] + state[(which + 1) * channels + channel]
  }
}
