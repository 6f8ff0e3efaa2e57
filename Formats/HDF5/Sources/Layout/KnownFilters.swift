import CHDF5

/// Filters that this package applies itself and libhdf5 lacks; in the worker only.
///
/// libhdf5 makes no data set with a filter that it doesn't know. Chunks are handed to it already
/// filtered, so a filter in name alone is enough.
enum KnownFilters {
  /// LZF, which h5py brings along.
  private static let lzf: H5Z_filter_t = 32_000

  /// Makes a filter known by name.
  static func register(_ id: H5Z_filter_t) throws(LibraryError) {
    guard id == lzf, H5Zfilter_avail(id) <= 0 else { return }
    try check(ctl_register_named_filter(id), "name filter \(id)")
  }

  /// Registers what a list needs, and gives LZF the size of its chunks: its third parameter.
  static func prepare(_ properties: hid_t, elementSize: Int) throws(LibraryError) {
    let count = UInt32(try check(H5Pget_nfilters(properties), "read filters"))
    for index in 0..<count {
      var flags: UInt32 = 0
      var used = 64
      var parameters = [UInt32](repeating: 0, count: used)
      let id = try check(
        unsafe H5Pget_filter2(properties, index, &flags, &used, &parameters, 0, nil, nil),
        "read a filter")
      try register(id)
      guard id == lzf, used >= 3 else { continue }
      var chunk = [hsize_t](repeating: 1, count: 32)
      try check(unsafe H5Pget_chunk(properties, 32, &chunk), "read the shape of chunks")
      let bytes = chunk.reduce(UInt64(elementSize)) { $0 &* UInt64($1) }
      parameters[2] = UInt32(clamping: bytes)
      try check(
        unsafe H5Pmodify_filter(properties, id, flags, used, parameters), "adapt a filter")
    }
  }
}
