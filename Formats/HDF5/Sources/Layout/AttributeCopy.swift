import CHDF5
import Checkpoints

/// Writes attributes of outputs; in the worker only.
enum AttributeCopy {
  /// Copies the attributes of one object to another: names, types, shapes and values.
  ///
  /// - Parameters:
  ///   - source: An open object of the template.
  ///   - target: An open object of the output.
  ///   - skipped: An attribute to leave out.
  /// - Throws: ``LibraryError``.
  static func copyAll(
    from source: hid_t, to target: hid_t, except skipped: String? = nil
  ) throws(LibraryError) {
    for name in try AttributeReader.names(of: source) {
      if let skipped, name == Array(skipped.utf8CString) { continue }
      try copy(name, from: source, to: target)
    }
  }

  private static func copy(
    _ name: [CChar], from source: hid_t, to target: hid_t
  ) throws(LibraryError) {
    let title = TensorName(bytes: name.dropLast().map { UInt8(bitPattern: $0) })
    let action = "copy attribute \(title)"
    let list = ctl_default_list()
    let attribute = try Identifier(unsafe H5Aopen(source, name, list), action)
    let found = try Identifier(H5Aget_type(attribute.id), action)
    // A copy, as a committed type belongs to the file in which it has its name.
    let type = try Identifier(H5Tcopy(found.id), action)
    let space = try Identifier(H5Aget_space(attribute.id), action)
    let properties = try Identifier(H5Aget_create_plist(attribute.id), action)
    let made = try Identifier(
      unsafe H5Acreate2(target, name, type.id, space.id, properties.id, list), action)
    let count = try check(H5Sget_simple_extent_npoints(space.id), action)
    guard count > 0 else { return }
    guard let size = checkedProduct([Int(count), H5Tget_size(type.id)]), size <= 1 << 30 else {
      throw LibraryError("attribute \(title) is too large to copy")
    }
    // Texts of variable length are pointers here, so the memory must be aligned for them.
    var words = [UInt64](repeating: 0, count: size / 8 + 1)
    try check(unsafe H5Aread(attribute.id, type.id, &words), action)
    let result = unsafe H5Awrite(made.id, type.id, &words)
    if H5Tdetect_class(type.id, H5T_VLEN) > 0 || H5Tis_variable_str(type.id) > 0 {
      _ = unsafe H5Dvlen_reclaim(type.id, space.id, list, &words)
    }
    try check(result, action)
  }

  /// Writes a text as a scalar attribute; one of the same name is replaced.
  static func write(_ name: String, _ value: String, to target: hid_t) throws(LibraryError) {
    let action = "write attribute \(TensorName(name))"
    let list = ctl_default_list()
    if try check(unsafe H5Aexists(target, name), action) > 0 {
      try check(unsafe H5Adelete(target, name), action)
    }
    let type = try FileTypes.text()
    let space = try Identifier(H5Screate(H5S_SCALAR), action)
    let attribute = try Identifier(
      unsafe H5Acreate2(target, name, type.id, space.id, list, list), action)
    let text = Array(value.utf8CString)
    let result = unsafe text.withUnsafeBufferPointer { buffer in
      var pointer = buffer.baseAddress
      return unsafe H5Awrite(attribute.id, type.id, &pointer)
    }
    try check(result, action)
  }
}
