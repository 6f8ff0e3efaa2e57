internal import CMetrics

/// The instructions that the sums over features use; results are the same bits.
package enum MetricPath {
  /// Whether the calling thread uses AVX2 and FMA.
  package static var usesAVX2: Bool { ctl_metrics_uses_avx2() }

  /// Calls `body` with the portable loops on the calling thread, for tests of both.
  package static func portably<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    ctl_metrics_force_portable(true)
    defer { ctl_metrics_force_portable(false) }
    return try body()
  }
}
