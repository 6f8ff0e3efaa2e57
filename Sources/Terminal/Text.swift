internal import Checkpoints

/// Columns of text, each as wide as its widest entry; the last column is left as it is.
package func table(_ rows: [[String]], indent: String = "") -> String {
  var widths: [Int] = []
  for row in rows {
    for (column, text) in row.enumerated() {
      if column == widths.count { widths.append(0) }
      widths[column] = max(widths[column], text.count)
    }
  }
  return rows.map { row in
    let cells = row.enumerated().map { column, text in
      column == row.count - 1
        ? text : text + String(repeating: " ", count: widths[column] - text.count)
    }
    return indent + cells.joined(separator: "  ")
  }.joined(separator: "\n")
}

/// A count with its noun: "1 tensor", "1,234 tensors".
package func counted(_ count: Int, _ noun: String) -> String {
  "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
}

/// A measure with four significant digits.
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

/// A number of bytes as people read it: "1.2 MiB".
package func byteText(_ count: Int) -> String {
  let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
  var value = Double(count)
  var unit = 0
  while value >= 1024, unit < units.count - 1 {
    value /= 1024
    unit += 1
  }
  if unit == 0 { return "\(count) B" }
  let tenths = Int((value * 10).rounded())
  return "\(tenths / 10).\(tenths % 10) \(units[unit])"
}
