/// The type of a tensor's elements.
///
/// `bfloat16` and the 8-bit floats have no HDF5 type of their own; a format's reader decides from its
/// conventions and never guesses.
public enum ElementType: Hashable, Sendable {
  case float64, float32, float16, bfloat16, float8E4M3, float8E5M2
  case int8, int16, int32, int64
  case uint8, uint16, uint32, uint64
  case bool
  case complex64, complex128
  /// Bytes without a stated meaning; the size of one element in bytes.
  case opaque(Int)
  /// A record; the size of one element in bytes.
  case compound(Int)
  /// Numbers of fewer than eight bits, several in a byte; the bits of one.
  case packed(Int)
  /// Text, an object reference, or another thing that isn't a number.
  case string

  /// The size of one element in bytes; nil where elements have no fixed size.
  public var byteCount: Int? {
    switch self {
    case .float64, .int64, .uint64, .complex64: 8
    case .float32, .int32, .uint32: 4
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float8E4M3, .float8E5M2, .int8, .uint8, .bool: 1
    case .complex128: 16
    case .opaque(let size), .compound(let size): size
    case .packed, .string: nil
    }
  }

  /// Whether elements are real floating-point numbers that a merge can average.
  public var isFloatingPoint: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16, .float8E4M3, .float8E5M2: true
    default: false
    }
  }

  /// Whether elements are integers, bools included.
  public var isInteger: Bool {
    switch self {
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .bool: true
    default: false
    }
  }

  /// The size of the unit whose bytes are reversed between byte orders.
  ///
  /// A complex number is two such units.
  public var swapUnit: Int {
    switch self {
    case .complex64: 4
    case .complex128: 8
    case .opaque, .compound, .packed, .string: 1
    default: byteCount ?? 1
    }
  }
}

extension ElementType: CustomStringConvertible {
  /// The name that reports and `--dtype` use.
  public var description: String {
    switch self {
    case .float64: "float64"
    case .float32: "float32"
    case .float16: "float16"
    case .bfloat16: "bfloat16"
    case .float8E4M3: "float8_e4m3"
    case .float8E5M2: "float8_e5m2"
    case .int8: "int8"
    case .int16: "int16"
    case .int32: "int32"
    case .int64: "int64"
    case .uint8: "uint8"
    case .uint16: "uint16"
    case .uint32: "uint32"
    case .uint64: "uint64"
    case .bool: "bool"
    case .complex64: "complex64"
    case .complex128: "complex128"
    case .opaque(let size): "opaque(\(size))"
    case .compound(let size): "compound(\(size))"
    case .packed(let bits): "packed(\(bits))"
    case .string: "string"
    }
  }
}

/// The order of an element's bytes in a file.
public enum ByteOrder: UInt8, Hashable, Sendable {
  case little, big
}
