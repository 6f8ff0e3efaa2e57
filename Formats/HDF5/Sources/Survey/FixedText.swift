/// Texts in fields of a fixed length.
enum FixedText {
  /// The text of a field without its padding.
  ///
  /// - Parameters:
  ///   - field: The whole field.
  ///   - padding: 0: the text ends at a zero (H5T_STR_NULLTERM); 1: zeros follow it
  ///     (H5T_STR_NULLPAD); 2: spaces follow it (H5T_STR_SPACEPAD).
  /// - Returns: The text's bytes.
  static func trimmed(_ field: ArraySlice<UInt8>, _ padding: UInt8) -> [UInt8] {
    func cut(_ filler: UInt8) -> [UInt8] {
      Array(field[..<(field.lastIndex { $0 != filler }.map { $0 + 1 } ?? field.startIndex)])
    }
    return switch padding {
    case 0: Array(field.prefix { $0 != 0 })
    case 2: cut(UInt8(ascii: " "))
    default: cut(0)
    }
  }
}
