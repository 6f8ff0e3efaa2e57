import CHDF5
import Checkpoints

/// Finds where a data set's values lie; in the worker only.
struct StorageReader {
  let dataset: hid_t
  let type: hid_t
  let properties: hid_t
  let shape: [UInt64]?
  let userBlockSize: UInt64

  /// The bytes of the storage, or why the whole file must be refused.
  func read(elementSize: Int) throws(LibraryError) -> StorageRecord {
    switch H5Pget_layout(properties) {
    case H5D_COMPACT: return .compact(try compactBytes(elementSize: elementSize))
    case H5D_CONTIGUOUS:
      guard H5Pget_external_count(properties) == 0 else {
        throw LibraryError(
          "keeps values in other files (external storage), which isn't supported",
          remedy: "gather them in one file with h5repack")
      }
      return contiguous()
    case H5D_CHUNKED: return try ChunkReader(storage: self).read()
    case H5D_VIRTUAL:
      throw LibraryError(
        "is a virtual data set over other files, which isn't supported",
        remedy: "copy its values into one file")
    default: throw LibraryError.taken("read a layout")
    }
  }

  /// A never-written data set has no address; H5Dget_offset would return one near the user block's
  /// size, so the stored size is asked first.
  private func contiguous() -> StorageRecord {
    let size = H5Dget_storage_size(dataset)
    let address = size == 0 ? ctl_undefined_address() : H5Dget_offset(dataset)
    return .contiguous(
      address: address == ctl_undefined_address() ? nil : UInt64(address), byteCount: size)
  }

  private func compactBytes(elementSize: Int) throws(LibraryError) -> [UInt8] {
    guard H5Tdetect_class(type, H5T_VLEN) == 0, H5Tis_variable_str(type) <= 0 else { return [] }
    guard let shape, let lengths = axes(shape), let size = checkedProduct(lengths + [elementSize]),
      size <= 65_536, H5Dget_storage_size(dataset) == size
    else { throw LibraryError("damaged: a compact data set's size disagrees with its shape") }
    var bytes = [UInt8](repeating: 0, count: size)
    guard size > 0 else { return bytes }
    try check(
      unsafe H5Dread(
        dataset, type, ctl_all(), ctl_all(), ctl_default_list(), &bytes),
      "read a compact data set")
    return bytes
  }

  /// The element that stands where nothing was written (H5Pget_fill_value); empty where it has
  /// none that is a plain number of bytes.
  func fillElement(size: Int) throws(LibraryError) -> [UInt8] {
    guard size <= 65_536, H5Tdetect_class(type, H5T_VLEN) == 0, H5Tis_variable_str(type) <= 0
    else { return [] }
    var bytes = [UInt8](repeating: 0, count: size)
    var status = H5D_FILL_VALUE_DEFAULT
    try check(unsafe H5Pfill_value_defined(properties, &status), "read a fill value")
    guard status == H5D_FILL_VALUE_USER_DEFINED else { return bytes }
    try check(unsafe H5Pget_fill_value(properties, type, &bytes), "read a fill value")
    return bytes
  }

  private func axes(_ shape: [UInt64]) -> [Int]? {
    var lengths: [Int] = []
    for axis in shape {
      guard let length = Int(exactly: axis) else { return nil }
      lengths.append(length)
    }
    return lengths
  }
}
