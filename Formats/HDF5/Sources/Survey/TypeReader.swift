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
    case H5T_STRING: return .text(isVariable: H5Tis_variable_str(type) > 0, size: size)
    case H5T_REFERENCE: return .references(size: size)
    case H5T_VLEN: return .sequences(size: size, holdsReferences: holdsReferences)
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

  private static func float(_ type: hid_t, _ size: Int) -> HDF5Type {
    var (sign, exponentAt, exponentBits, mantissaAt, mantissaBits) = (0, 0, 0, 0, 0)
    let isRead =
      unsafe H5Tget_fields(
        type, &sign, &exponentAt, &exponentBits, &mantissaAt, &mantissaBits) >= 0
    let format = FloatFormat(
      size: size, sign: sign, exponentAt: exponentAt, exponentBits: exponentBits,
      mantissaAt: mantissaAt, mantissaBits: mantissaBits, bias: Int(H5Tget_ebias(type)))
    guard isRead, H5Tget_norm(type) == H5T_NORM_IMPLIED, let order = order(type),
      let element = format.element
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
    let precision = H5Tget_precision(type)
    guard let order = order(type), precision == size * 8, H5Tget_offset(type) == 0,
      let known = HDF5Type.integer(size: size, isSigned: isSigned, order: order)
    else {
      return HDF5Type(
        element: .opaque(size), size: size,
        problem: "has integers of \(precision) bits in \(size) bytes, which aren't supported")
    }
    return known
  }

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
    return .enumeration(of: integers, members: values)
  }

  private static func compound(
    _ type: hid_t, _ size: Int, _ holdsReferences: Bool
  ) throws(LibraryError) -> HDF5Type {
    let other = HDF5Type(element: .compound(size), size: size, holdsReferences: holdsReferences)
    guard H5Tget_nmembers(type) == 2 else { return other }
    var members: [(name: String, offset: Int, type: HDF5Type)] = []
    for index in 0..<UInt32(2) {
      guard let name = memberName(type, index), ["r", "i", "real", "imag"].contains(name) else {
        return other
      }
      let member = try Identifier(H5Tget_member_type(type, index), "read a record's type")
      let offset = Int(clamping: H5Tget_member_offset(type, index))
      members.append((name, offset, try read(member.id)))
    }
    return .complex(size: size, members: members) ?? other
  }

  private static func memberName(_ type: hid_t, _ index: UInt32) -> String? {
    guard let name = unsafe H5Tget_member_name(type, index) else { return nil }
    defer { unsafe H5free_memory(name) }
    return unsafe String(cString: name)
  }
}
