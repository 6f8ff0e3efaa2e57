/// The distribution of a measure over samples.
public struct Summary: Codable, Hashable, Sendable {
  /// The arithmetic mean.
  public var mean: Double
  /// The standard deviation of the samples (divisor n - 1); 0 for a single sample.
  public var std: Double
  /// The standard error of the mean, `std / sqrt(n)`.
  public var stderr: Double
  /// The least value.
  public var min: Double
  /// The 5th percentile (linear interpolation between order statistics, as NumPy's default).
  public var p5: Double
  /// The first quartile.
  public var p25: Double
  /// The median.
  public var p50: Double
  /// The third quartile.
  public var p75: Double
  /// The 95th percentile.
  public var p95: Double
  /// The greatest value.
  public var max: Double

  /// A distribution.
  public init(
    mean: Double, std: Double, stderr: Double, min: Double, p5: Double, p25: Double, p50: Double,
    p75: Double, p95: Double, max: Double
  ) {
    self.mean = mean
    self.std = std
    self.stderr = stderr
    self.min = min
    self.p5 = p5
    self.p25 = p25
    self.p50 = p50
    self.p75 = p75
    self.p95 = p95
    self.max = max
  }
}
