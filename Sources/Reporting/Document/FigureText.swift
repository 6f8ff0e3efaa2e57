internal import Checkpoints

/// A measure as tables show it: three significant digits, `0` for zero, `-` if unknown.
package func figure(_ value: Double?) -> String {
  guard let value else { return "-" }
  // Columns have no room for the words of sentences.
  return value.isFinite ? Figures.short(value) : "\(value)"
}

/// A number with a fixed count of decimals, so that columns line up; `-` if unknown.
package func fixed(_ value: Double?, _ decimals: Int) -> String {
  guard let value else { return "-" }
  guard value.isFinite, value.magnitude < 1e6 else { return figure(value) }
  return Figures.fixed(value, decimals)
}

/// A share as people read it: `97.2 %`; `-` if unknown.
package func percent(_ share: Double?) -> String {
  share.map { "\(fixed($0 * 100, 1)) %" } ?? "-"
}

/// A parameter without needless zeros: `0.5`, `1`.
package func plain(_ value: Double) -> String {
  value == value.rounded() && value.magnitude < 1e6 ? "\(Int(value))" : short(value)
}

/// An interval of two ends as people read it; empty if unknown.
package func percentInterval(_ ends: [Double]) -> String {
  ends.count == 2 ? "\(fixed(ends[0] * 100, 1)) … \(percent(ends[1]))" : ""
}

/// The last component of a path: files are told apart by it in tables.
package func fileName(_ path: String) -> String {
  shown(lastComponent(of: path))
}

/// A text from outside with its control characters escaped, so that it can't write to the terminal.
package func shown(_ text: String) -> String {
  TensorName(text).description
}

/// A text of at most some characters, its middle left out: both ends of a layer's name tell.
package func shortened(_ text: String, to width: Int) -> String {
  guard text.count > width else { return text }
  guard width > 1 else { return String(text.prefix(max(0, width))) }
  let head = width / 2
  return "\(text.prefix(head))…\(text.suffix(width - head - 1))"
}

/// Where a measure stands on a logarithmic scale that ends at 1, as a share of it: errors span decades.
package func decadeShare(_ value: Double?, decades: Double = 6) -> Double? {
  guard let value, !value.isNaN else { return nil }
  guard value > 0 else { return 0 }
  return value < 1 ? max(0, 1 + decimalLogarithm(value) / decades) : 1
}
