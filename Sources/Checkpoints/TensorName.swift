/// The name of a tensor, compared byte by byte.
///
/// Names in checkpoint files are bytes. Swift's `String` compares by canonical equivalence, so the
/// composed and the decomposed "é" would be one key of a dictionary although a file may hold both.
public struct TensorName: Hashable, Sendable {
  /// The bytes as they stand in the file, usually UTF-8.
  public let bytes: [UInt8]

  /// Takes the bytes as they are.
  public init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Takes the UTF-8 bytes of a text.
  public init(_ text: String) {
    self.bytes = Array(text.utf8)
  }

  /// A path: components with slashes between them.
  public init(components: some Sequence<TensorName>) {
    bytes = Array(components.map(\.bytes).joined(separator: [UInt8(ascii: "/")]))
  }

  /// Feeds all bytes at once: an array would feed them one by one, and names are hashed a lot.
  public func hash(into hasher: inout Hasher) {
    unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }

  /// The components between slashes, for formats whose names are paths.
  public var components: [TensorName] {
    bytes.split(separator: UInt8(ascii: "/")).map { TensorName(bytes: Array($0)) }
  }

  /// The first component, without making the others.
  public var firstComponent: ArraySlice<UInt8> {
    bytes.drop { $0 == UInt8(ascii: "/") }.prefix { $0 != UInt8(ascii: "/") }
  }

  /// The last component, without making the others.
  public var lastComponent: ArraySlice<UInt8> {
    let end = (bytes.lastIndex { $0 != UInt8(ascii: "/") } ?? -1) + 1
    let slash = bytes[..<end].lastIndex(of: UInt8(ascii: "/")) ?? -1
    return bytes[(slash + 1)..<end]
  }

  /// The name as text; bytes that are no UTF-8 become replacement characters.
  public var text: String {
    String(decoding: bytes, as: UTF8.self)
  }
}

extension TensorName: CustomStringConvertible {
  /// The name as it is shown to a person: control characters escaped, so that a file can't write to
  /// the terminal.
  public var description: String {
    var shown = ""
    for scalar in text.unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      if isControl {
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }
}

extension TensorName: Comparable {
  /// Orders by bytes, except that runs of digits compare as numbers: `vars/2` before `vars/10`.
  public static func < (left: TensorName, right: TensorName) -> Bool {
    let a = left.bytes
    let b = right.bytes
    var i = 0
    var j = 0
    while i < a.count, j < b.count {
      if isDigit(a[i]), isDigit(b[j]) {
        let (number, nextI) = digitRun(a, from: i)
        let (other, nextJ) = digitRun(b, from: j)
        if number.count != other.count { return number.count < other.count }
        if number != other { return number.lexicographicallyPrecedes(other) }
        i = nextI
        j = nextJ
      } else {
        if a[i] != b[j] { return a[i] < b[j] }
        i += 1
        j += 1
      }
    }
    if (a.count - i) != (b.count - j) { return a.count - i < b.count - j }
    // Equal but for leading zeros ("01" and "1"): the bytes decide, so that the order is total.
    return a.lexicographicallyPrecedes(b)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  /// The digits from `start` without leading zeros, and the index behind them.
  private static func digitRun(
    _ bytes: [UInt8], from start: Int
  ) -> (digits: ArraySlice<UInt8>, end: Int) {
    var end = start
    while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    return (bytes[start..<end].drop { $0 == UInt8(ascii: "0") }, end)
  }
}
