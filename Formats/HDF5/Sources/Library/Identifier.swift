import CHDF5

/// An open thing of libhdf5 (file, group, data set, space, type, list), closed when it is dropped.
///
/// Closing goes through `H5Idec_ref`, which serves every kind.
struct Identifier: ~Copyable {
  let id: hid_t

  /// Takes over `id`; throws the library's complaint where it is no identifier.
  init(_ id: hid_t, _ action: @autoclosure () -> String) throws(LibraryError) {
    guard id >= 0 else { throw LibraryError.taken(action()) }
    self.id = id
  }

  deinit {
    _ = H5Idec_ref(id)
  }
}

/// Throws the library's complaint where a call returned a negative number.
///
/// - Parameters:
///   - result: What the call returned.
///   - action: What was being done, worded to follow "can't ".
/// - Returns: The number.
/// - Throws: ``LibraryError``.
@discardableResult
func check<Result: SignedInteger>(
  _ result: Result, _ action: @autoclosure () -> String
) throws(LibraryError) -> Result {
  guard result >= 0 else { throw LibraryError.taken(action()) }
  return result
}
