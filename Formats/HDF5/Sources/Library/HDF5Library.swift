import CHDF5

/// The one door to libhdf5: only a worker opens it.
enum HDF5Library {
  /// Prepares the library: silent, without plug-ins.
  ///
  /// Filters from plug-ins would be code loaded on a file's say-so (H5PLset_loading_state).
  static func prepare() throws(LibraryError) {
    try check(H5open(), "start the HDF5 library")
    ctl_silence_errors()
    try check(H5PLset_loading_state(0), "switch off plug-ins")
  }

  /// The path under which a worker opens its inherited descriptor.
  ///
  /// The file may have lost its name, so the descriptor is all there is.
  static func path(ofDescriptor descriptor: CInt) -> String {
    #if os(Linux)
      "/proc/self/fd/\(descriptor)"
    #else
      "/dev/fd/\(descriptor)"
    #endif
  }

  /// The access properties for every file.
  static func fileAccess() throws(LibraryError) -> Identifier {
    let list = try Identifier(H5Pcreate(ctl_file_access()), "prepare the access to a file")
    try check(ctl_prepare_file_access(list.id), "prepare the access to a file")
    return list
  }

  /// Opens an inherited descriptor read-only (H5Fopen).
  static func openInput(_ descriptor: CInt) throws(LibraryError) -> Identifier {
    let access = try fileAccess()
    return try Identifier(
      unsafe H5Fopen(path(ofDescriptor: descriptor), ctl_read_only(), access.id), "open it")
  }

  /// Opens an inherited descriptor for writing (H5Fopen); ``close(output:)`` closes it.
  static func openOutput(_ descriptor: CInt) throws(LibraryError) -> hid_t {
    let access = try fileAccess()
    return try check(
      unsafe H5Fopen(path(ofDescriptor: descriptor), ctl_read_write(), access.id), "open it")
  }

  /// Writes what is still in memory and closes an output; both can fail late (H5Fflush, H5Fclose).
  static func close(output: hid_t) throws(LibraryError) {
    try check(H5Fflush(output, H5F_SCOPE_GLOBAL), "write it to the end")
    try check(H5Fclose(output), "close it")
  }

  /// The size of the bytes before the HDF5 content (H5Pget_userblock).
  static func userBlockSize(of file: borrowing Identifier) throws(LibraryError) -> UInt64 {
    let list = try Identifier(H5Fget_create_plist(file.id), "read its properties")
    var size: hsize_t = 0
    try check(unsafe H5Pget_userblock(list.id, &size), "read the size of its user block")
    return size
  }

  /// The version as major, minor, release (H5get_libversion).
  static var version: (UInt32, UInt32, UInt32) {
    var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
    _ = unsafe H5get_libversion(&major, &minor, &release)
    return (major, minor, release)
  }
}
