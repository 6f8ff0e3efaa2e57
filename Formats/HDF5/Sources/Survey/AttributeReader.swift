import CHDF5
import Checkpoints

/// Reads the attributes of an object; in the worker only.
///
/// Reading texts of variable length is where libhdf5 crashes on damaged files.
enum AttributeReader {
  static func read(of object: hid_t) throws(LibraryError) -> [HDF5Attribute] {
    var attributes: [HDF5Attribute] = []
    for name in try names(of: object) { attributes.append(try read(name, of: object)) }
    return attributes
  }

  /// The names in the file's order (H5Aiterate2).
  static func names(of object: hid_t) throws(LibraryError) -> [[CChar]] {
    var names: [[CChar]] = []
    var position: hsize_t = 0
    let result = unsafe withUnsafeMutablePointer(to: &names) { list in
      unsafe H5Aiterate2(
        object, H5_INDEX_NAME, H5_ITER_NATIVE, &position,
        { _, name, _, context in
          guard let name = unsafe name, let context = unsafe context else { return -1 }
          let bytes = unsafe UnsafeBufferPointer(start: name, count: strlen(name) + 1)
          unsafe context.assumingMemoryBound(to: [[CChar]].self).pointee.append(Array(bytes))
          return 0
        }, list)
    }
    try check(result, "list attributes")
    return names
  }

  private static func read(_ name: [CChar], of object: hid_t) throws(LibraryError) -> HDF5Attribute
  {
    let title = TensorName(bytes: name.dropLast().map { UInt8(bitPattern: $0) })
    let action = "read attribute \(title)"
    let attribute = try Identifier(unsafe H5Aopen(object, name, ctl_default_list()), action)
    let type = try Identifier(H5Aget_type(attribute.id), action)
    let space = try Identifier(H5Aget_space(attribute.id), action)
    let description = try TypeReader.read(type.id)
    let shape = try SpaceReader.shape(of: space.id)?.map { Int(clamping: $0) }
    return HDF5Attribute(
      name: title, type: description, shape: shape,
      value: try value(of: attribute.id, type.id, description, shape, action))
  }

  private static func value(
    of attribute: hid_t, _ type: hid_t, _ description: HDF5Type, _ shape: [Int]?, _ action: String
  ) throws(LibraryError) -> HDF5Attribute.Value {
    let isText = H5Tget_class(type) == H5T_STRING
    guard let shape, let count = checkedProduct(shape), count > 0 else {
      return isText ? .strings([]) : .raw([])
    }
    guard let size = checkedProduct([count, description.size]), size <= HDF5Attribute.byteLimit
    else { return .unread("takes more than 64 MiB") }
    if isText, H5Tis_variable_str(type) > 0 {
      return try variableStrings(of: attribute, type, count, action)
    }
    if H5Tdetect_class(type, H5T_VLEN) > 0 || H5Tdetect_class(type, H5T_STRING) > 0 && !isText {
      return .unread(description.problem ?? "holds sequences of variable length")
    }
    var bytes = [UInt8](repeating: 0, count: size)
    try check(unsafe H5Aread(attribute, type, &bytes), action)
    guard isText else { return .raw(bytes) }
    let padding = UInt8(clamping: H5Tget_strpad(type).rawValue)
    return .strings(
      (0..<count).map { index in
        FixedText.trimmed(bytes[index * description.size..<(index + 1) * description.size], padding)
      })
  }

  private static func variableStrings(
    of attribute: hid_t, _ type: hid_t, _ count: Int, _ action: String
  ) throws(LibraryError) -> HDF5Attribute.Value {
    let space = try Identifier(H5Aget_space(attribute), action)
    var pointers = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    try check(unsafe H5Aread(attribute, type, &pointers), action)
    var texts: [[UInt8]] = []
    var total = 0
    for index in 0..<count {
      let pointer = unsafe pointers[index]
      let length = unsafe pointer.map { unsafe strlen($0) } ?? 0
      total += length
      guard total <= HDF5Attribute.byteLimit else { return .unread("takes more than 64 MiB") }
      let bytes = unsafe UnsafeRawBufferPointer(start: pointer, count: length)
      unsafe texts.append(Array(bytes))
    }
    _ = unsafe H5Dvlen_reclaim(type, space.id, ctl_default_list(), &pointers)
    return .strings(texts)
  }
}
