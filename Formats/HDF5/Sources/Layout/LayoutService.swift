import CHDF5
import Checkpoints

/// The worker's side of a new layout: template in, output out, then a survey of the output.
enum LayoutService {
  /// Tensors from this size on begin at a multiple of ``alignment``, so that they can be mapped.
  static let alignedSize: hsize_t = 64 << 10
  /// The size of a page.
  static let alignment: hsize_t = 4096
  private static let template: CInt = 3
  private static let output: CInt = 4

  static func serve() {
    let request = WorkerServer.receiveAll()
    WorkerServer.answer { emit throws(LibraryError) in
      var wire = WireReader(request)
      let message: LayoutMessage
      do throws(WireError) {
        message = try LayoutMessage(from: &wire)
      } catch {
        throw LibraryError("the request makes no sense: \(error.reason)")
      }
      try build(message)
      try SurveyService.survey(output, emit)
    }
  }

  private static func build(_ message: LayoutMessage) throws(LibraryError) {
    let source = try HDF5Library.openInput(template)
    let sourceRoot = try Identifier(
      unsafe H5Gopen2(source.id, "/", ctl_default_list()), "open the template's root")
    let target = try create(message, like: sourceRoot)
    let root = try Identifier(unsafe H5Gopen2(target, "/", ctl_default_list()), "open the root")
    var copy = TreeCopy(source: source.id, target: target, message)
    try copy.run(from: sourceRoot, to: root)
    for attribute in message.attributes {
      try AttributeCopy.write(attribute.name, attribute.value, to: root.id)
    }
    try HDF5Library.close(output: target)
  }

  /// Makes the empty file (H5Fcreate).
  ///
  /// The root group's flags come from the group: the file's own list doesn't tell them
  /// (HDFGroup/hdf5 #5183). A file in an older format stays one; in newer ones attributes of more
  /// than 64 KiB are possible.
  private static func create(
    _ message: LayoutMessage, like root: borrowing Identifier
  ) throws(LibraryError) -> hid_t {
    let action = "make the file"
    let access = try HDF5Library.fileAccess()
    let low =
      switch message.superblockVersion {
      case 0, 1: H5F_LIBVER_EARLIEST
      case 2: H5F_LIBVER_V18
      default: H5F_LIBVER_V110
      }
    try check(H5Pset_libver_bounds(access.id, low, H5F_LIBVER_V110), action)
    // The library refuses an alignment beside a smaller user block.
    if message.userBlockSize % alignment == 0 {
      try check(H5Pset_alignment(access.id, alignedSize, alignment), action)
    }
    let creation = try Identifier(H5Pcreate(ctl_file_create()), action)
    try check(H5Pset_userblock(creation.id, message.userBlockSize), action)
    try check(H5Pset_obj_track_times(creation.id, false), action)
    let properties = try Identifier(H5Gget_create_plist(root.id), action)
    var flags: UInt32 = 0
    try check(unsafe H5Pget_link_creation_order(properties.id, &flags), action)
    try check(H5Pset_link_creation_order(creation.id, flags), action)
    try check(unsafe H5Pget_attr_creation_order(properties.id, &flags), action)
    try check(H5Pset_attr_creation_order(creation.id, flags), action)
    return try check(
      unsafe H5Fcreate(
        HDF5Library.path(ofDescriptor: output), ctl_truncate(), creation.id, access.id), action)
  }
}
