package import Checkpoints

/// An attribute of a group or a data set.
package struct HDF5Attribute: Sendable {
  /// What an attribute holds.
  package enum Value: Hashable, Sendable {
    /// Texts as bytes, of fixed or variable length, padding removed; in C order.
    case strings([[UInt8]])
    /// Elements of the attribute's type as they stand in the file, in C order.
    case raw([UInt8])
    /// Not read; the reason.
    case unread(String)
  }

  /// The most bytes that the values of one attribute may take.
  static let byteLimit = 64 << 20

  /// The name.
  package let name: TensorName
  /// The type of the elements.
  package let type: HDF5Type
  /// The length of each axis; empty for a scalar, nil for an attribute without a space.
  package let shape: [Int]?
  /// The value.
  package let value: Value

  /// The texts, where the attribute holds texts.
  package var strings: [[UInt8]]? {
    if case .strings(let texts) = value { texts } else { nil }
  }

  /// The text, where the attribute holds exactly one.
  package var text: String? {
    guard let strings, strings.count == 1 else { return nil }
    return String(decoding: strings[0], as: UTF8.self)
  }
}
