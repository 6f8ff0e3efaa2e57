import Checkpoints

/// What a `descr` of an array header means: a type string such as `<f4`, or a list of fields.
struct ArrayType: Hashable {
  /// The type of the elements.
  let element: ElementType
  /// The order of their bytes.
  let order: ByteOrder
  /// The size of one element in bytes as the file has it.
  let size: Int
  /// Whether elements are pickled Python objects.
  let isObject: Bool

  init(_ element: ElementType, _ order: ByteOrder = .little, size: Int, isObject: Bool = false) {
    self.element = element
    self.order = order
    self.size = size
    self.isObject = isObject
  }

  /// The type that a literal describes; nil where it describes none.
  init?(_ literal: PythonLiteral) {
    switch literal {
    case .text(let text): self.init(typeString: text)
    case .list(let fields): self.init(fields: fields)
    case .tuple(let parts):
      // A type and the shape of each element.
      guard parts.count == 2, let base = ArrayType(parts[0]), case .tuple(let shape) = parts[1],
        let count = ArrayType.product(of: shape),
        let size = checkedProduct([count, base.size])
      else { return nil }
      self.init(.compound(size), size: size, isObject: base.isObject)
    default: return nil
    }
  }

  /// The type string that NumPy would write for an element type; nil where it has none.
  static func typeString(_ element: ElementType, _ order: ByteOrder) -> String? {
    let mark = order == .big ? ">" : "<"
    return switch element {
    case .float64: mark + "f8"
    case .float32: mark + "f4"
    case .float16: mark + "f2"
    case .int8: "|i1"
    case .int16: mark + "i2"
    case .int32: mark + "i4"
    case .int64: mark + "i8"
    case .uint8: "|u1"
    case .uint16: mark + "u2"
    case .uint32: mark + "u4"
    case .uint64: mark + "u8"
    case .bool: "|b1"
    case .complex64: mark + "c8"
    case .complex128: mark + "c16"
    case .opaque(let size): "|V\(size)"
    case .bfloat16, .float8E4M3, .float8E5M2, .compound, .packed, .string: nil
    }
  }

  private init?(typeString: String) {
    var rest = Substring(typeString)
    var order = ByteOrder.little
    if let mark = rest.first, "<>=|".contains(mark) {
      order = mark == ">" ? .big : .little
      rest = rest.dropFirst()
    }
    guard let kind = rest.popFirst() else { return nil }
    // A date has its unit in brackets behind the size.
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    if kind == "O" {
      self.init(.string, size: 8, isObject: true)
      return
    }
    guard let size = Int(digits), size < 1 << 31 else { return nil }
    let isDate = kind == "M" || kind == "m"
    guard digits.count == rest.count || isDate else { return nil }
    switch (kind, size) {
    case ("f", 8): self.init(.float64, order, size: 8)
    case ("f", 4): self.init(.float32, order, size: 4)
    case ("f", 2): self.init(.float16, order, size: 2)
    case ("i", 8): self.init(.int64, order, size: 8)
    case ("i", 4): self.init(.int32, order, size: 4)
    case ("i", 2): self.init(.int16, order, size: 2)
    case ("i", 1): self.init(.int8, size: 1)
    case ("u", 8): self.init(.uint64, order, size: 8)
    case ("u", 4): self.init(.uint32, order, size: 4)
    case ("u", 2): self.init(.uint16, order, size: 2)
    case ("u", 1): self.init(.uint8, size: 1)
    case ("b", 1): self.init(.bool, size: 1)
    case ("c", 8): self.init(.complex64, order, size: 8)
    case ("c", 16): self.init(.complex128, order, size: 16)
    case ("U", _):
      guard let bytes = checkedProduct([size, 4]) else { return nil }
      self.init(.string, order, size: bytes)
    case ("S", _), ("a", _): self.init(.string, size: size)
    // Extended floats, dates, and the types of other packages, which NumPy stores as bytes.
    case ("f", _), ("c", _), ("V", _), ("M", 8), ("m", 8): self.init(.opaque(size), size: size)
    default: return nil
    }
  }

  /// A record: its fields are padded with nameless ones, so the sizes add up.
  private init?(fields: [PythonLiteral]) {
    var total = 0
    var isObject = false
    for field in fields {
      guard case .tuple(let parts) = field, (2...3).contains(parts.count),
        let type = ArrayType(parts[1])
      else { return nil }
      var count = 1
      if parts.count == 3 {
        guard case .tuple(let shape) = parts[2], let product = ArrayType.product(of: shape) else {
          return nil
        }
        count = product
      }
      guard let size = checkedProduct([count, type.size]) else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(size)
      if overflow { return nil }
      total = sum
      isObject = isObject || type.isObject
    }
    self.init(.compound(total), size: total, isObject: isObject)
  }

  private static func product(of shape: [PythonLiteral]) -> Int? {
    var extents: [Int] = []
    for extent in shape {
      guard case .number(let number) = extent else { return nil }
      extents.append(number)
    }
    return checkedProduct(extents)
  }
}
