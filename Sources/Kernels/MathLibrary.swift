// `squareRoot()` may become a call of the C library's sqrt, too. Importing the C library links its
// mathematical part into programs that import nothing else which would.
#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// The C library's functions of Float64, for modules that see no C library.
package enum MathLibrary {
  package static func sin(_ x: Double) -> Double { sinOfC(x) }
  package static func cos(_ x: Double) -> Double { cosOfC(x) }
  package static func exp(_ x: Double) -> Double { expOfC(x) }
  package static func expm1(_ x: Double) -> Double { expm1OfC(x) }
  package static func log(_ x: Double) -> Double { logOfC(x) }
  package static func log1p(_ x: Double) -> Double { log1pOfC(x) }
  package static func atan2(_ y: Double, _ x: Double) -> Double { atan2OfC(y, x) }
}

// Inside the type the same names would mean its own functions.
private func sinOfC(_ x: Double) -> Double { sin(x) }
private func cosOfC(_ x: Double) -> Double { cos(x) }
private func expOfC(_ x: Double) -> Double { exp(x) }
private func expm1OfC(_ x: Double) -> Double { expm1(x) }
private func logOfC(_ x: Double) -> Double { log(x) }
private func log1pOfC(_ x: Double) -> Double { log1p(x) }
private func atan2OfC(_ y: Double, _ x: Double) -> Double { atan2(y, x) }
