/// One figure of the long form.
struct CSVRow {
  /// The models that the figure is of.
  var pair: String
  /// The data set file, or `all` for the union of several.
  var data: String
  var bn: String
  /// The parameter (alpha, or the scale); nil where the figure has none.
  var alpha: Double?
  /// The layer; nil for figures of the whole model.
  var layer: String?
  var metric: String
  var value: Double?
  /// The 95 % interval of the value, where it is known.
  var interval: (low: Double, high: Double)?
  /// The samples that the figure is of.
  var samples: Int?
}

/// Rows as RFC 4180 has them: a header, lines that end in CR LF, quotes where a field needs them.
///
/// A field that is unknown is empty; numbers are written with all their digits.
func csvText(_ rows: [CSVRow]) -> String {
  var text = "pair,data,bn,alpha,layer,metric,value,lo,hi,n\r\n"
  for row in rows {
    let fields = [
      quoted(row.pair), quoted(row.data), quoted(row.bn), number(row.alpha),
      quoted(row.layer ?? ""), quoted(row.metric), number(row.value), number(row.interval?.low),
      number(row.interval?.high), row.samples.map(String.init) ?? "",
    ]
    text += fields.joined(separator: ",") + "\r\n"
  }
  return text
}

private func number(_ value: Double?) -> String {
  value.map { "\($0)" } ?? ""
}

/// A field in quotes where it holds a comma, a quote or the end of a line.
private func quoted(_ text: String) -> String {
  // Unicode scalars, because CR LF is one Character and equal to neither of its parts.
  let needsQuotes = text.unicodeScalars.contains {
    $0 == "," || $0 == "\"" || $0 == "\r" || $0 == "\n"
  }
  guard needsQuotes else { return text }
  var field = "\""
  for scalar in text.unicodeScalars {
    if scalar == "\"" { field += "\"" }
    field.unicodeScalars.append(scalar)
  }
  return field + "\""
}
