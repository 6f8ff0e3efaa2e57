/// Bounds what the aliases of a YAML text can make of it, before anybody parses it.
///
/// Ten anchors that each name the last ten times are a few hundred bytes and stand for ten thousand
/// million values. An alias stands for what lies between its anchor and the first place that names
/// it, at most; so one pass over the bytes gives a bound. What only looks like an anchor or an alias
/// (in a quoted text, say) makes the bound larger, never smaller.
enum AliasBudget {
  /// The largest number of bytes that a text may stand for.
  static let largest = 4 << 20

  /// Whether the text with its aliases written out is certainly within the limit.
  static func covers(_ bytes: [UInt8]) -> Bool {
    // For each anchor: the bytes up to it, and once it was named, what it stands for.
    var anchors: [[UInt8]: (start: Int, size: Int?)] = [:]
    var total = 0
    var place = 0
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      total += 1
      guard byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*") else { continue }
      let name = Array(bytes[place...].prefix(while: isNameByte))
      if name.isEmpty { continue }
      if byte == UInt8(ascii: "&") {
        anchors[name] = (total, nil)
      } else if let anchor = anchors[name] {
        let size = anchor.size ?? total - anchor.start
        anchors[name] = (anchor.start, size)
        total += size
        if total > largest { return false }
      }
    }
    return true
  }

  /// Whether libyaml takes the byte into the name of an anchor.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
