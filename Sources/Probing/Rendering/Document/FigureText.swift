internal import Checkpoints

/// A measure as tables show it: three significant digits, `0` for zero, `-` if unknown.
func figure(_ value: Double?) -> String {
  value == 0 ? "0" : short(value, digits: 3)
}

/// A number with a fixed count of decimals, so that columns line up; `-` if unknown.
func fixed(_ value: Double?, _ decimals: Int) -> String {
  guard let value else { return "-" }
  guard value.isFinite, value.magnitude < 1e6 else { return short(value, digits: 3) }
  var unit = 1.0
  for _ in 0..<decimals { unit *= 10 }
  let scaled = (value.magnitude * unit).rounded()
  let digits = String(Int(scaled))
  let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
  let sign = value < 0 && scaled > 0 ? "-" : ""
  return decimals == 0
    ? sign + padded : "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
}

/// A share as people read it: `97.2 %`; `-` if unknown.
func percent(_ share: Double?) -> String {
  share.map { "\(fixed($0 * 100, 1)) %" } ?? "-"
}

/// A parameter without needless zeros: `0.5`, `1`.
func plain(_ value: Double) -> String {
  value == value.rounded() && value.magnitude < 1e6 ? "\(Int(value))" : short(value)
}

/// An interval of two ends as people read it; empty if unknown.
func percentInterval(_ ends: [Double]) -> String {
  ends.count == 2 ? "\(fixed(ends[0] * 100, 1)) … \(percent(ends[1]))" : ""
}

/// The last component of a path: files are told apart by it in tables.
func fileName(_ path: String) -> String {
  shown(path.split(separator: "/").last.map(String.init) ?? path)
}

/// A text from outside with its control characters escaped, so that it can't write to the terminal.
func shown(_ text: String) -> String {
  TensorName(text).description
}

/// A text of at most some characters, its middle left out: both ends of a layer's name tell.
func shortened(_ text: String, to width: Int) -> String {
  guard text.count > width else { return text }
  guard width > 1 else { return String(text.prefix(max(0, width))) }
  let head = width / 2
  return "\(text.prefix(head))…\(text.suffix(width - head - 1))"
}

/// Where a measure stands between 1e-6 and 1 on a logarithmic scale, as a share of it.
func decadeShare(_ value: Double?) -> Double? {
  guard let value, value.isFinite else { return nil }
  // Errors span many decades.
  return min(1, max(0, 1 + decimalLogarithm(max(value, 1e-6)) / 6))
}

/// The logarithm to base 10 of a positive normal number; the error is below 1e-12.
func decimalLogarithm(_ value: Double) -> Double {
  guard value.isFinite, value > 0 else { return value == 0 ? -.infinity : .nan }
  // value = 2^e m with m in [1/sqrt 2, sqrt 2]; ln m = 2 artanh((m - 1) / (m + 1)).
  var exponent = Double(value.exponent)
  var significand = value.significand
  if significand > 1.4142135623730951 {
    significand /= 2
    exponent += 1
  }
  let t = (significand - 1) / (significand + 1)
  var term = t
  var sum = 0.0
  for odd in stride(from: 1.0, through: 25, by: 2) {
    sum += term / odd
    term *= t * t
  }
  return (exponent * 0.6931471805599453 + 2 * sum) / 2.302585092994046
}
