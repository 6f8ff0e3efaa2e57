/// What a scalar says, by the rules of YAML 1.1 and 1.2 together.
///
/// Recipes are written for readers of either, so a number may be `1e-5` (a text in YAML 1.1) and a
/// truth may be `yes` (a text in YAML 1.2). What is asked for decides, never a guess.
enum YAMLScalar {
  /// A number; nil for anything else.
  ///
  /// Digits with a point and an exponent, `.inf` and `.nan`; no octal, hexadecimal or sexagesimal
  /// numbers, which the two versions read differently.
  static func number(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    var unsigned = bytes[...]
    let isNegative = unsigned.first == UInt8(ascii: "-")
    if isNegative || unsigned.first == UInt8(ascii: "+") { unsigned.removeFirst() }
    switch String(decoding: unsigned, as: UTF8.self) {
    case ".inf", ".Inf", ".INF": return isNegative ? -.infinity : .infinity
    case ".nan", ".NaN", ".NAN": return .nan
    default: break
    }
    let allowed = unsigned.allSatisfy { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), 0x2B, 0x2D].contains(byte)
    }
    let hasDigit = unsigned.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard allowed, hasDigit else { return nil }
    // Swift reads neither ".5" nor "5." everywhere alike, so both get their zero.
    var plain = String(decoding: unsigned, as: UTF8.self)
    if plain.hasPrefix(".") { plain = "0" + plain }
    if plain.hasSuffix(".") { plain += "0" }
    guard let value = Double(plain) else { return nil }
    return isNegative ? -value : value
  }

  /// A whole number; nil for anything else.
  static func integer(_ text: String) -> Int? {
    Int(text)
  }

  /// A truth; nil for anything else.
  static func truth(_ text: String) -> Bool? {
    switch text {
    case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": true
    case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": false
    default: nil
    }
  }
}
