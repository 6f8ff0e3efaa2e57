/// A number with commas between thousands, as people read counts of bytes and elements.
package func grouped(_ number: some BinaryInteger) -> String {
  var text = ""
  for (place, digit) in String(number.magnitude).reversed().enumerated() {
    if place > 0, place.isMultiple(of: 3) { text.append(",") }
    text.append(digit)
  }
  return (number < 0 ? "-" : "") + String(text.reversed())
}

/// A shape as people write it: `3x3x16`, or `scalar`.
package func shapeText(_ shape: [Int]) -> String {
  shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: "x")
}

/// A count with its noun: "1 tensor", "1,234 tensors".
package func counted(_ count: Int, _ noun: String) -> String {
  "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
}

/// A measure with four significant digits: `0.01234`, `1.234e-9`; `-` if unknown.
package func short(_ value: Double?) -> String {
  guard let value else { return "-" }
  // Below the normal numbers powers of ten leave the range, and no one reads the digits.
  guard value.isNormal else { return "\(value)" }
  let exponent = Int(log10Floor(value.magnitude))
  guard (-4..<7).contains(exponent) else {
    let mantissa = value / power(10, exponent)
    return "\((mantissa * 1000).rounded() / 1000)e\(exponent)"
  }
  let unit = power(10, 3 - exponent)
  let rounded = exponent >= 3 ? value.rounded() : (value * unit).rounded() / unit
  return exponent >= 3 ? "\(Int(rounded))" : "\(rounded)"
}

/// The exponent of the leading decimal digit of a positive number.
private func log10Floor(_ value: Double) -> Int {
  var exponent = 0
  var rest = value
  while rest >= 10 {
    rest /= 10
    exponent += 1
  }
  while rest < 1 {
    rest *= 10
    exponent -= 1
  }
  return exponent
}

private func power(_ base: Double, _ exponent: Int) -> Double {
  var result = 1.0
  for _ in 0..<exponent.magnitude { result *= base }
  return exponent < 0 ? 1 / result : result
}
