internal import Reporting

extension Summary {
  /// Student's 95 % interval of the mean; the mean itself where nothing is known about the spread.
  ///
  /// Student's quantile at `samples - 1` degrees of freedom may be given, where it is at hand.
  func meanInterval(samples: Int, quantile: Double? = nil) -> (low: Double, high: Double) {
    guard samples > 1 else { return (mean, mean) }
    let half = stderr * (quantile ?? StudentInterval.quantile(degreesOfFreedom: samples - 1))
    return (mean - half, mean + half)
  }
}
