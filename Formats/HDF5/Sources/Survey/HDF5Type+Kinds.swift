import Checkpoints

/// The types that both surveys describe in the same words.
extension HDF5Type {
  /// Texts, each of a fixed size or (`isVariable`) elsewhere in the file.
  static func text(isVariable: Bool, size: Int) -> HDF5Type {
    let kind = isVariable ? "variable" : "fixed"
    return HDF5Type(
      element: .string, size: size, problem: "holds texts of \(kind) length, not numbers")
  }

  static func references(size: Int) -> HDF5Type {
    HDF5Type(
      element: .string, size: size, problem: "holds references to objects, not numbers",
      holdsReferences: true)
  }

  static func sequences(size: Int, holdsReferences: Bool) -> HDF5Type {
    HDF5Type(
      element: .string, size: size, problem: "holds sequences of variable length, not numbers",
      holdsReferences: holdsReferences)
  }

  /// Integers that fill their bytes, or nil for sizes that aren't 1, 2, 4 or 8.
  static func integer(size: Int, isSigned: Bool, order: ByteOrder) -> HDF5Type? {
    let element: ElementType? =
      switch size {
      case 1: isSigned ? .int8 : .uint8
      case 2: isSigned ? .int16 : .uint16
      case 4: isSigned ? .int32 : .uint32
      case 8: isSigned ? .int64 : .uint64
      default: nil
      }
    return element.map { HDF5Type(element: $0, byteOrder: order, size: size) }
  }

  /// NumPy's bool, an enumeration FALSE = 0, TRUE = 1 over int8; others are their integers.
  static func enumeration(of base: HDF5Type, members: [String: Int8]) -> HDF5Type {
    base.element == .int8 && members == ["FALSE": 0, "TRUE": 1]
      ? HDF5Type(element: .bool, size: 1) : base
  }

  /// Two floats named r and i (h5py) or real and imag (MATLAB) are a complex number; nil for others.
  static func complex(
    size: Int, members: [(name: String, offset: Int, type: HDF5Type)]
  ) -> HDF5Type? {
    guard members.count == 2, [["r", "i"], ["real", "imag"]].contains(members.map(\.name)),
      members[0].offset == 0, members[1].offset == size / 2, members[0].type == members[1].type
    else { return nil }
    let part = members[0].type
    switch (part.element, size) {
    case (.float32, 8):
      return HDF5Type(element: .complex64, byteOrder: part.byteOrder, size: size)
    case (.float64, 16):
      return HDF5Type(element: .complex128, byteOrder: part.byteOrder, size: size)
    default: return nil
    }
  }
}

/// The layout of a binary floating-point number: its size, and the positions and widths of its parts.
struct FloatFormat: Equatable {
  var size: Int
  var sign = 0
  var exponentAt = 0
  var exponentBits = 0
  var mantissaAt = 0
  var mantissaBits = 0
  var bias = 0

  private static let known: [(FloatFormat, ElementType)] = [
    (
      FloatFormat(size: 2, sign: 15, exponentAt: 10, exponentBits: 5, mantissaBits: 10, bias: 15),
      .float16
    ),
    (
      FloatFormat(size: 2, sign: 15, exponentAt: 7, exponentBits: 8, mantissaBits: 7, bias: 127),
      .bfloat16
    ),
    (
      FloatFormat(size: 4, sign: 31, exponentAt: 23, exponentBits: 8, mantissaBits: 23, bias: 127),
      .float32
    ),
    (
      FloatFormat(
        size: 8, sign: 63, exponentAt: 52, exponentBits: 11, mantissaBits: 52, bias: 1023), .float64
    ),
  ]

  /// The type with this layout, or nil where we don't compute with it.
  var element: ElementType? {
    Self.known.first { $0.0 == self }?.1
  }
}
