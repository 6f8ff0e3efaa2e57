#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// The decimal logarithm of the C library, exact for powers of ten.
func decimalLogarithm(_ x: Double) -> Double { log10(x) }
