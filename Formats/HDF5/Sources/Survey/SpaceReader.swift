import CHDF5

/// Reads the shape of a data space; in the worker only.
enum SpaceReader {
  /// The length of each axis; empty for a scalar, nil where the space is null (H5S_NULL).
  static func shape(of space: hid_t) throws(LibraryError) -> [UInt64]? {
    switch H5Sget_simple_extent_type(space) {
    case H5S_NULL: return nil
    case H5S_SCALAR: return []
    default:
      let rank = Int(try check(H5Sget_simple_extent_ndims(space), "read a shape"))
      var shape = [hsize_t](repeating: 0, count: rank)
      try check(unsafe H5Sget_simple_extent_dims(space, &shape, nil), "read a shape")
      return shape
    }
  }
}
