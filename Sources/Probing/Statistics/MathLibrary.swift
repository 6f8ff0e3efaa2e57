// Exponentials, logarithms and the gamma function come from the C library.
#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// The few functions of the C library that the statistics need.
enum MathLibrary {
  static func exponential(_ x: Double) -> Double { exp(x) }
  static func logarithm(_ x: Double) -> Double { log(x) }
  /// log(1 + x), accurate near 0.
  static func logarithmOfOnePlus(_ x: Double) -> Double { log1p(x) }
  /// log |Gamma(x)|.
  static func logarithmOfGamma(_ x: Double) -> Double { lgamma(x) }
}
