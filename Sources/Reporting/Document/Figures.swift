/// Numbers in sentences.
package enum Figures {
  /// Three significant digits: `0.0123`, `1.15`, `4.1e-07`.
  package static func short(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "not a number" : "infinite" }
    let size = value.magnitude
    if size == 0 { return "0" }
    if size < 1e-4 || size >= 1e6 { return scientific(value) }
    var decimals = 2
    var scaled = size
    while scaled < 1 {
      scaled *= 10
      decimals += 1
    }
    while scaled >= 10 && decimals > 0 {
      scaled /= 10
      decimals -= 1
    }
    return trimmed(fixed(value, decimals))
  }

  /// A share: `97.2 %`.
  package static func percent(_ share: Double) -> String { "\(trimmed(fixed(share * 100, 1))) %" }

  /// `0.9...1.15`.
  package static func range(_ ends: ClosedRange<Double>) -> String {
    "\(short(ends.lowerBound))...\(short(ends.upperBound))"
  }

  private static func scientific(_ value: Double) -> String {
    var (mantissa, exponent) = (value, 0)
    while mantissa.magnitude >= 9.995 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa.magnitude < 0.9995 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    let sign = exponent < 0 ? "-" : "+"
    let digits = String(exponent.magnitude)
    return "\(trimmed(fixed(mantissa, 2)))e\(sign)\(digits.count < 2 ? "0" : "")\(digits)"
  }

  /// A number with a fixed count of decimals; one that has no such form is in words.
  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, value.magnitude < 1e12 else { return short(value) }
    var unit = 1.0
    for _ in 0..<decimals { unit *= 10 }
    let scaled = (value.magnitude * unit).rounded()
    let digits = String(Int(scaled))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let sign = value < 0 && scaled > 0 ? "-" : ""
    return decimals == 0
      ? sign + padded : "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
  }

  /// Without zeros that end a fraction.
  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var result = text
    while result.hasSuffix("0") { result.removeLast() }
    if result.hasSuffix(".") { result.removeLast() }
    return result
  }
}
