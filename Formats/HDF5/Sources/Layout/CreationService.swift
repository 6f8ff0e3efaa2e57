import CHDF5
import Checkpoints

/// The worker's side of a file that is made from nothing: groups, empty data sets, attributes.
enum CreationService {
  private static let output: CInt = 3
  private static let alignedSize: hsize_t = 64 << 10
  private static let alignment: hsize_t = 4096

  static func serve() {
    let request = WorkerServer.receiveAll()
    WorkerServer.answer { emit throws(LibraryError) in
      var wire = WireReader(request)
      let message: CreationMessage
      do throws(WireError) {
        message = try CreationMessage(from: &wire)
      } catch {
        throw LibraryError("the request makes no sense: \(error.reason)")
      }
      try build(message)
      try SurveyService.survey(output, emit)
    }
  }

  private static func build(_ message: CreationMessage) throws(LibraryError) {
    let action = "make the file"
    let access = try HDF5Library.fileAccess()
    // The oldest format that holds the file, as Keras and h5py choose it.
    try check(H5Pset_libver_bounds(access.id, H5F_LIBVER_EARLIEST, H5F_LIBVER_V110), action)
    try check(H5Pset_alignment(access.id, alignedSize, alignment), action)
    let creation = try Identifier(H5Pcreate(ctl_file_create()), action)
    try check(H5Pset_obj_track_times(creation.id, false), action)
    // Readers list what lies in the root in the order in which it was asked for.
    let order = UInt32(H5P_CRT_ORDER_TRACKED) | UInt32(H5P_CRT_ORDER_INDEXED)
    try check(H5Pset_link_creation_order(creation.id, order), action)
    let file = try check(
      unsafe H5Fcreate(
        HDF5Library.path(ofDescriptor: output), ctl_truncate(), creation.id, access.id), action)
    let root = try Identifier(unsafe H5Gopen2(file, "/", ctl_default_list()), "open the root")
    // Groups on the way to a data set come into being with it.
    let links = try Identifier(H5Pcreate(ctl_link_create()), action)
    try check(H5Pset_create_intermediate_group(links.id, 1), action)
    for entry in message.entries {
      do throws(LibraryError) {
        try make(entry, in: root.id, links: links.id)
      } catch {
        throw LibraryError("\(entry.name): \(error.fact)", remedy: error.remedy)
      }
    }
    for group in message.groups {
      do throws(LibraryError) {
        try make(group, in: root.id, links: links.id)
      } catch {
        throw LibraryError("\(group.path): \(error.fact)", remedy: error.remedy)
      }
    }
    for attribute in message.attributes {
      try AttributeCopy.write(attribute.name, attribute.value, to: root.id)
    }
    try HDF5Library.close(output: file)
  }

  /// Makes a group that no data set brought into being, and writes its attributes.
  private static func make(
    _ group: NewHDF5Group, in root: hid_t, links: hid_t
  ) throws(LibraryError) {
    let action = "make the group"
    let name = cString(group.path)
    let list = ctl_default_list()
    let made =
      try exists(group.path, in: root)
      ? Identifier(unsafe H5Gopen2(root, name, list), action)
      : Identifier(unsafe H5Gcreate2(root, name, links, list, list), action)
    for attribute in group.attributes {
      try AttributeCopy.write(attribute.name, attribute.value, to: made.id)
    }
  }

  /// Whether a path leads to something; asked link by link, as libhdf5 wants it.
  private static func exists(_ path: TensorName, in root: hid_t) throws(LibraryError) -> Bool {
    let parts = path.components
    for count in 1...max(parts.count, 1) {
      let prefix = cString(TensorName(components: parts.prefix(count)))
      let found = try check(
        unsafe H5Lexists(root, prefix, ctl_default_list()), "look for the group")
      if found == 0 { return false }
    }
    return true
  }

  private static func make(
    _ entry: CreationMessage.Entry, in root: hid_t, links: hid_t
  ) throws(LibraryError) {
    let action = "make the data set"
    let type = try FileTypes.make(entry.elementType)
    let space = try Identifier(
      entry.shape.isEmpty
        ? H5Screate(H5S_SCALAR)
        : unsafe H5Screate_simple(Int32(entry.shape.count), entry.shape, nil), action)
    let properties = try Identifier(H5Pcreate(ctl_dataset_create()), action)
    try check(H5Pset_obj_track_times(properties.id, false), action)
    try check(H5Pset_layout(properties.id, H5D_CONTIGUOUS), action)
    try check(H5Pset_alloc_time(properties.id, H5D_ALLOC_TIME_EARLY), action)
    try check(H5Pset_fill_time(properties.id, H5D_FILL_TIME_NEVER), action)
    let list = ctl_default_list()
    let name = cString(entry.name)
    let made = try Identifier(
      unsafe H5Dcreate2(root, name, type.id, space.id, links, properties.id, list), action)
    if let dtype = FileTypes.dtypeName(entry.elementType) {
      try AttributeCopy.write("dtype", dtype, to: made.id)
    }
    for alias in entry.aliases {
      try check(unsafe H5Lcreate_hard(root, name, root, cString(alias), links, list), "link it")
    }
  }

  private static func cString(_ name: TensorName) -> [CChar] {
    name.bytes.map { CChar(bitPattern: $0) } + [0]
  }
}
