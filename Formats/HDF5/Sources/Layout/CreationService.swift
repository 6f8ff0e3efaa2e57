import CHDF5
import Checkpoints

/// The worker's side of a new file: groups and empty data sets, then a survey of it.
enum CreationService {
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
      try SurveyService.survey(WorkerServer.firstFile, emit)
    }
  }

  private static func build(_ message: CreationMessage) throws(LibraryError) {
    let file = try create()
    let root = try Identifier(unsafe H5Gopen2(file, "/", ctl_default_list()), "open the root")
    for array in message.arrays {
      do throws(LibraryError) {
        try make(array, below: root.id)
      } catch {
        throw LibraryError("\(array.name): \(error.fact)", remedy: error.remedy)
      }
    }
    for attribute in message.attributes {
      try AttributeCopy.write(attribute.name, attribute.value, to: root.id)
    }
    try HDF5Library.close(output: file)
  }

  /// Makes the empty file, whose root remembers the order of its links (H5Fcreate).
  private static func create() throws(LibraryError) -> hid_t {
    let action = "make the file"
    let access = try HDF5Library.fileAccess()
    try check(H5Pset_libver_bounds(access.id, H5F_LIBVER_EARLIEST, H5F_LIBVER_V110), action)
    try check(
      H5Pset_alignment(access.id, LayoutService.alignedSize, LayoutService.alignment), action)
    let creation = try Identifier(H5Pcreate(ctl_file_create()), action)
    // The same values give the same bytes, whatever the time.
    try check(H5Pset_obj_track_times(creation.id, false), action)
    try check(H5Pset_link_creation_order(creation.id, ordered), action)
    return try check(
      unsafe H5Fcreate(
        HDF5Library.path(ofDescriptor: WorkerServer.firstFile), ctl_truncate(), creation.id,
        access.id), action)
  }

  private static var ordered: UInt32 {
    UInt32(H5P_CRT_ORDER_TRACKED) | UInt32(H5P_CRT_ORDER_INDEXED)
  }

  private static func make(_ array: NewArray, below root: hid_t) throws(LibraryError) {
    let components = array.name.components
    guard let leaf = components.last else { throw LibraryError("it has no name") }
    guard components.count > 1 else { return try makeDataset(array, leaf, in: root) }
    var path: [CChar] = []
    for component in components.dropLast() {
      path += (path.isEmpty ? [] : [CChar(bitPattern: UInt8(ascii: "/"))]) + cString(component)
      try makeGroup(path + [0], below: root)
    }
    let group = try Identifier(
      unsafe H5Gopen2(root, path + [0], ctl_default_list()), "open its group")
    try makeDataset(array, leaf, in: group.id)
  }

  /// Makes a group where there is none yet (H5Gcreate2).
  private static func makeGroup(_ path: [CChar], below root: hid_t) throws(LibraryError) {
    let list = ctl_default_list()
    if try check(unsafe H5Lexists(root, path, list), "look for its group") > 0 { return }
    let properties = try Identifier(H5Pcreate(ctl_group_create()), "make its group")
    try check(H5Pset_obj_track_times(properties.id, false), "make its group")
    try check(H5Pset_link_creation_order(properties.id, ordered), "make its group")
    _ = try Identifier(
      unsafe H5Gcreate2(root, path, list, properties.id, list), "make its group")
  }

  /// Makes a data set of one range, allocated and not filled (H5Dcreate2).
  private static func makeDataset(
    _ array: NewArray, _ name: TensorName, in group: hid_t
  ) throws(LibraryError) {
    let action = "make the data set"
    let type = try FileTypes.make(array.elementType)
    let extents = array.shape.map { hsize_t($0) }
    let space =
      try extents.isEmpty
      ? Identifier(H5Screate(H5S_SCALAR), action)
      : Identifier(
        unsafe H5Screate_simple(Int32(clamping: extents.count), extents, extents), action)
    let properties = try Identifier(H5Pcreate(ctl_dataset_create()), action)
    try check(H5Pset_layout(properties.id, H5D_CONTIGUOUS), action)
    try check(H5Pset_alloc_time(properties.id, H5D_ALLOC_TIME_EARLY), action)
    try check(H5Pset_fill_time(properties.id, H5D_FILL_TIME_NEVER), action)
    try check(H5Pset_obj_track_times(properties.id, false), action)
    let list = ctl_default_list()
    _ = try Identifier(
      unsafe H5Dcreate2(
        group, cString(name) + [0], type.id, space.id, list, properties.id, list), action)
  }

  private static func cString(_ name: TensorName) -> [CChar] {
    name.bytes.map { CChar(bitPattern: $0) }
  }
}
