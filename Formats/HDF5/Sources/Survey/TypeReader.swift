import CHDF5
import Checkpoints

/// Reads a libhdf5 type; in the worker only.
///
/// A type that isn't exactly one of ours (a float of another layout, an integer with padding) is
/// opaque with its problem stated: a merge may copy it but mustn't compute with it.
enum TypeReader {
  static func read(_ type: hid_t) throws(LibraryError) -> HDF5Type {
    let size = Int(clamping: H5Tget_size(type))
    guard size > 0 else { throw LibraryError.taken("read the size of a type") }
    let holdsReferences = H5Tdetect_class(type, H5T_REFERENCE) > 0
    switch H5Tget_class(type) {
    case H5T_FLOAT: return float(type, size)
    case H5T_INTEGER: return integer(type, size)
    case H5T_ENUM: return try enumeration(type, size)
    case H5T_COMPOUND: return try compound(type, size, holdsReferences)
    case H5T_OPAQUE, H5T_BITFIELD: return HDF5Type(element: .opaque(size), size: size)
    case H5T_STRING:
      let kind = H5Tis_variable_str(type) > 0 ? "variable" : "fixed"
      return HDF5Type(
        element: .string, size: size, problem: "holds texts of \(kind) length, not numbers")
    case H5T_REFERENCE:
      return HDF5Type(
        element: .string, size: size, problem: "holds references to objects, not numbers",
        holdsReferences: true)
    case H5T_VLEN:
      return HDF5Type(
        element: .string, size: size, problem: "holds sequences of variable length, not numbers",
        holdsReferences: holdsReferences)
    case H5T_ARRAY:
      return HDF5Type(
        element: .opaque(size), size: size, problem: "has elements that are arrays",
        holdsReferences: holdsReferences)
    case H5T_TIME:
      return HDF5Type(element: .opaque(size), size: size, problem: "holds times, not numbers")
    default:
      return HDF5Type(
        element: .opaque(size), size: size,
        problem: "has a type that this HDF5 library doesn't know",
        holdsReferences: holdsReferences)
    }
  }

  private static func order(_ type: hid_t) -> ByteOrder? {
    switch H5Tget_order(type) {
    case H5T_ORDER_LE, H5T_ORDER_NONE: .little
    case H5T_ORDER_BE: .big
    default: nil
    }
  }

  /// The layout of a binary floating-point number: its size, and the positions and widths of its parts.
  private struct FloatFormat: Equatable {
    var size: Int
    var sign = 0
    var exponentAt = 0
    var exponentBits = 0
    var mantissaAt = 0
    var mantissaBits = 0
    var bias = 0
  }

  private static let floatFormats: [(FloatFormat, ElementType)] = [
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

  private static func float(_ type: hid_t, _ size: Int) -> HDF5Type {
    var (sign, exponentAt, exponentBits, mantissaAt, mantissaBits) = (0, 0, 0, 0, 0)
    let isRead =
      unsafe H5Tget_fields(
        type, &sign, &exponentAt, &exponentBits, &mantissaAt, &mantissaBits) >= 0
    let format = FloatFormat(
      size: size, sign: sign, exponentAt: exponentAt, exponentBits: exponentBits,
      mantissaAt: mantissaAt, mantissaBits: mantissaBits, bias: Int(H5Tget_ebias(type)))
    guard isRead, H5Tget_norm(type) == H5T_NORM_IMPLIED, let order = order(type),
      let element = floatFormats.first(where: { $0.0 == format })?.1
    else {
      return HDF5Type(
        element: .opaque(size), size: size,
        problem: "has a floating-point type of \(exponentBits) exponent and \(mantissaBits) "
          + "mantissa bits in \(size) bytes, which isn't supported")
    }
    return HDF5Type(element: element, byteOrder: order, size: size)
  }

  private static func integer(_ type: hid_t, _ size: Int) -> HDF5Type {
    let isSigned = H5Tget_sign(type) == H5T_SGN_2
    let element: ElementType? =
      switch size {
      case 1: isSigned ? .int8 : .uint8
      case 2: isSigned ? .int16 : .uint16
      case 4: isSigned ? .int32 : .uint32
      case 8: isSigned ? .int64 : .uint64
      default: nil
      }
    let precision = H5Tget_precision(type)
    guard let element, let order = order(type), precision == size * 8, H5Tget_offset(type) == 0
    else {
      return HDF5Type(
        element: .opaque(size), size: size,
        problem: "has integers of \(precision) bits in \(size) bytes, which aren't supported")
    }
    return HDF5Type(element: element, byteOrder: order, size: size)
  }

  /// NumPy's bool is an enumeration FALSE = 0, TRUE = 1 over int8; others are their integers.
  private static func enumeration(_ type: hid_t, _ size: Int) throws(LibraryError) -> HDF5Type {
    let base = try Identifier(H5Tget_super(type), "read the base of an enumeration")
    let integers = integer(base.id, size)
    guard size == 1, H5Tget_nmembers(type) == 2, integers.element == .int8 else { return integers }
    var values: [String: Int8] = [:]
    for index in 0..<UInt32(2) {
      var value: Int8 = 0
      try check(unsafe H5Tget_member_value(type, index, &value), "read an enumeration")
      values[memberName(type, index) ?? ""] = value
    }
    return values == ["FALSE": 0, "TRUE": 1] ? HDF5Type(element: .bool, size: 1) : integers
  }

  /// Two floats named r and i (h5py) or real and imag (MATLAB) are a complex number.
  private static func compound(
    _ type: hid_t, _ size: Int, _ holdsReferences: Bool
  ) throws(LibraryError) -> HDF5Type {
    let other = HDF5Type(element: .compound(size), size: size, holdsReferences: holdsReferences)
    guard H5Tget_nmembers(type) == 2, let first = memberName(type, 0),
      let second = memberName(type, 1),
      [["r", "i"], ["real", "imag"]].contains([first, second]),
      H5Tget_member_offset(type, 0) == 0, H5Tget_member_offset(type, 1) == size / 2
    else { return other }
    var parts: [HDF5Type] = []
    for index in 0..<UInt32(2) {
      let member = try Identifier(H5Tget_member_type(type, index), "read a record's type")
      parts.append(try read(member.id))
    }
    guard parts[0] == parts[1] else { return other }
    switch (parts[0].element, size) {
    case (.float32, 8):
      return HDF5Type(element: .complex64, byteOrder: parts[0].byteOrder, size: size)
    case (.float64, 16):
      return HDF5Type(element: .complex128, byteOrder: parts[0].byteOrder, size: size)
    default: return other
    }
  }

  private static func memberName(_ type: hid_t, _ index: UInt32) -> String? {
    guard let name = unsafe H5Tget_member_name(type, index) else { return nil }
    defer { unsafe H5free_memory(name) }
    return unsafe String(cString: name)
  }
}
