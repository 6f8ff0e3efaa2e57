import Checkpoints

/// The head of a `.npy` file: the type, the shape and the order of the elements behind it.
///
/// Source: NEP 1 and `numpy/lib/format.py`, versions 1.0, 2.0 and 3.0.
struct ArrayHeader: Hashable {
  /// The type of the elements.
  let type: ArrayType
  /// The number of elements along each axis.
  let shape: [Int]
  /// Whether the first axis is the fastest.
  let isFortranOrder: Bool
  /// The position of the first element.
  let length: Int
  /// The size of the elements together, in bytes.
  let dataSize: Int

  /// The first bytes of every `.npy` file.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// The bytes that tell how long the header is.
  static let prefixLength = 12
  /// NumPy itself wants to be asked above 10,000 bytes; records of many fields are longer.
  private static let longest = 1 << 20

  /// What is wrong with a header, worded to follow "x.npy: ".
  struct Fault: Error {
    let fact: String

    init(_ fact: String) {
      self.fact = fact
    }
  }

  /// The header's length including the magic, from the first 12 bytes.
  ///
  /// - Throws: ``Fault`` where they are no array's.
  static func length(of prefix: [UInt8]) throws(Fault) -> Int {
    guard prefix.starts(with: magic) else { throw Fault("isn't a NumPy array") }
    var reader = LittleEndianReader(prefix, at: magic.count)
    guard let major = reader.unsigned(1), let minor = reader.unsigned(1) else {
      throw Fault("truncated: the array's header isn't complete")
    }
    guard (1...3).contains(major), minor == 0 else {
      throw Fault("is a NumPy array of format version \(major).\(minor), which isn't known")
    }
    guard let text = major == 1 ? reader.u16() : reader.u32() else {
      throw Fault("truncated: the array's header isn't complete")
    }
    guard text <= longest else { throw Fault("declares a header of \(text) bytes") }
    return reader.position + text
  }

  /// Reads a whole header.
  ///
  /// - Parameter bytes: As many bytes as ``length(of:)`` tells.
  /// - Throws: ``Fault`` where it is damaged.
  init(_ bytes: [UInt8]) throws(Fault) {
    let isFirstVersion = bytes.count > 6 && bytes[6] == 1
    let text = Array(bytes.dropFirst(isFirstVersion ? 10 : 12))
    guard case .dictionary(let fields) = PythonLiteral(parsing: text), fields.count == 3,
      let descr = fields["descr"], case .truth(let isFortran) = fields["fortran_order"],
      case .tuple(let extents) = fields["shape"]
    else { throw Fault("the array's header is damaged") }
    guard let type = ArrayType(descr) else {
      throw Fault("the array's header has a type that isn't known")
    }
    var shape: [Int] = []
    for extent in extents {
      guard case .number(let number) = extent else { throw Fault("the array's shape is damaged") }
      shape.append(number)
    }
    guard let size = checkedProduct(shape + [type.size]), checkedProduct(shape) != nil else {
      throw Fault("declares more elements than can be addressed")
    }
    self.type = type
    self.shape = shape
    // A vector has one order only, whatever the header says.
    isFortranOrder = isFortran && shape.count(where: { $0 != 1 }) > 1 && size > 0
    length = bytes.count
    dataSize = size
  }

  /// The bytes of a header as NumPy writes them: version 1.0, padded to a multiple of 64.
  ///
  /// - Parameters:
  ///   - typeString: The type, such as `<f4`.
  ///   - shape: The number of elements along each axis.
  /// - Returns: The header, behind which the elements follow.
  static func bytes(typeString: String, shape: [Int]) -> [UInt8] {
    let axes = shape.map(String.init).joined(separator: ", ")
    let tuple = shape.count == 1 ? "(\(axes),)" : "(\(axes))"
    var text = Array(
      "{'descr': '\(typeString)', 'fortran_order': False, 'shape': \(tuple), }".utf8)
    let head = magic.count + 4
    let padding = (64 - (head + text.count + 1) % 64) % 64
    text += [UInt8](repeating: 0x20, count: padding) + [0x0A]
    return magic + [1, 0, UInt8(text.count & 0xFF), UInt8(text.count >> 8)] + text
  }
}
