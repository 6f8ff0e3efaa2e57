import CHDF5
import Checkpoints

/// The libhdf5 types in which outputs are written; in the worker only.
enum FileTypes {
  /// A little-endian type for elements.
  ///
  /// bfloat16 is two opaque bytes without a tag, as Keras and h5py write it; the data set's `dtype`
  /// attribute names it.
  static func make(_ element: ElementType) throws(LibraryError) -> Identifier {
    switch element {
    case .float64: try copy(ctl_ieee_f64le())
    case .float32: try copy(ctl_ieee_f32le())
    case .float16: try half()
    case .bfloat16: try opaque(2)
    case .float8E4M3, .float8E5M2: try opaque(1)
    case .int8: try copy(ctl_i8le())
    case .int16: try copy(ctl_i16le())
    case .int32: try copy(ctl_i32le())
    case .int64: try copy(ctl_i64le())
    case .uint8: try copy(ctl_u8le())
    case .uint16: try copy(ctl_u16le())
    case .uint32: try copy(ctl_u32le())
    case .uint64: try copy(ctl_u64le())
    case .bool: try boolean()
    case .complex64: try complex(ctl_ieee_f32le(), size: 4)
    case .complex128: try complex(ctl_ieee_f64le(), size: 8)
    case .opaque(let size): try opaque(size)
    case .compound, .packed, .string:
      throw LibraryError("elements of type \(element) can't be written")
    }
  }

  /// Whether ``make(_:)`` knows a type.
  static func canWrite(_ element: ElementType) -> Bool {
    switch element {
    case .compound, .packed, .string: false
    case .opaque(let size): size > 0
    default: true
    }
  }

  /// What a data set's `dtype` attribute says about opaque elements; nil where it has none.
  static func dtypeName(_ element: ElementType) -> String? {
    switch element {
    case .bfloat16: "bfloat16"
    case .float8E4M3: "float8_e4m3fn"
    case .float8E5M2: "float8_e5m2"
    default: nil
    }
  }

  /// A text of variable length in UTF-8, as h5py writes a Python string.
  static func text() throws(LibraryError) -> Identifier {
    let type = try copy(ctl_string())
    try check(H5Tset_size(type.id, ctl_variable_size()), "make a type for text")
    try check(H5Tset_cset(type.id, H5T_CSET_UTF8), "make a type for text")
    return type
  }

  private static func copy(_ type: hid_t) throws(LibraryError) -> Identifier {
    try Identifier(H5Tcopy(type), "make a type")
  }

  private static func opaque(_ size: Int) throws(LibraryError) -> Identifier {
    let type = try Identifier(H5Tcreate(H5T_OPAQUE, size), "make a type")
    try check(unsafe H5Tset_tag(type.id, ""), "make a type")
    return type
  }

  /// An enumeration of two values, as h5py writes NumPy's bool.
  private static func boolean() throws(LibraryError) -> Identifier {
    let type = try Identifier(H5Tenum_create(ctl_i8le()), "make a type")
    for (name, value) in [("FALSE", Int8(0)), ("TRUE", Int8(1))] {
      var value = value
      try check(unsafe H5Tenum_insert(type.id, name, &value), "make a type")
    }
    return type
  }

  /// A record of the real and the imaginary part, as h5py writes complex numbers.
  private static func complex(_ part: hid_t, size: Int) throws(LibraryError) -> Identifier {
    let type = try Identifier(H5Tcreate(H5T_COMPOUND, 2 * size), "make a type")
    try check(unsafe H5Tinsert(type.id, "r", 0, part), "make a type")
    try check(unsafe H5Tinsert(type.id, "i", size, part), "make a type")
    return type
  }

  /// IEEE binary16: sign 1, exponent 5, mantissa 10 bits.
  private static func half() throws(LibraryError) -> Identifier {
    let type = try copy(ctl_ieee_f32le())
    try check(H5Tset_fields(type.id, 15, 10, 5, 0, 10), "make a type")
    try check(H5Tset_precision(type.id, 16), "make a type")
    try check(H5Tset_size(type.id, 2), "make a type")
    try check(H5Tset_ebias(type.id, 15), "make a type")
    return type
  }
}
