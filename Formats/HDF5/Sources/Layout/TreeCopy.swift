import CHDF5
import Checkpoints

/// Copies a template's tree object by object; in the worker only.
///
/// Objects are recognised by their address, so that what was one object with two links is so again:
/// tied weights stay tied. The links of a group are made in the template's order.
struct TreeCopy {
  /// A group of the output that stays open while links are still to be made in it.
  private final class Place {
    let group: Identifier
    let path: [UInt8]

    init(_ group: consuming Identifier, path: [UInt8]) {
      self.group = group
      self.path = path
    }
  }

  private struct Pending {
    let place: Place
    let link: GroupLinks.Link
  }

  private let source: hid_t
  private let target: hid_t
  private let replacements: [UInt64: LayoutMessage.Entry]
  private let dropped: DroppedPaths
  /// Where objects of the template were put, as C strings.
  private var copied: [UInt64: [CChar]] = [:]
  private var pending: [Pending] = []

  init(source: hid_t, target: hid_t, _ message: LayoutMessage) {
    self.source = source
    self.target = target
    replacements = Dictionary(
      message.entries.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
    dropped = DroppedPaths(message.dropped)
  }

  /// Copies everything below the root, and the root's attributes.
  mutating func run(
    from sourceRoot: borrowing Identifier, to root: borrowing Identifier
  ) throws(LibraryError) {
    var address: UInt64 = 0
    try check(unsafe ctl_object_address(sourceRoot.id, &address), "find the root group")
    copied[address] = Self.cString("/")
    let again = try Identifier(
      unsafe H5Gopen2(target, "/", ctl_default_list()), "open the root")
    try enter(sourceRoot.id, Place(again, path: []))
    while let next = pending.popLast() {
      let path = next.place.path + next.link.name
      do throws(LibraryError) {
        try make(next.link, at: path, in: next.place)
      } catch {
        throw LibraryError("\(TensorName(bytes: path)): \(error.fact)", remedy: error.remedy)
      }
    }
  }

  /// Copies a group's attributes and notes its links.
  private mutating func enter(_ group: hid_t, _ place: Place) throws(LibraryError) {
    let properties = try Identifier(H5Gget_create_plist(group), "read its properties")
    var flags: UInt32 = 0
    try check(unsafe H5Pget_link_creation_order(properties.id, &flags), "read its properties")
    try AttributeCopy.copyAll(from: group, to: place.group.id)
    let links = try GroupLinks.read(
      group, byCreation: flags & UInt32(H5P_CRT_ORDER_TRACKED) != 0)
    for link in links.reversed()
    where !dropped.contains(TensorName(bytes: place.path + link.name)) {
      pending.append(Pending(place: place, link: link))
    }
  }

  private mutating func make(
    _ link: GroupLinks.Link, at path: [UInt8], in place: Place
  ) throws(LibraryError) {
    let name = Self.cString(link.name)
    let list = ctl_default_list()
    switch link.target {
    case .soft(let target):
      let text = Self.cString(target)
      try check(
        unsafe H5Lcreate_soft(text, place.group.id, name, list, list), "make a soft link")
    case .hard(let address):
      if let known = copied[address] {
        try check(
          unsafe H5Lcreate_hard(target, known, place.group.id, name, list, list), "link it")
        return
      }
      let object = try Identifier(H5Oopen_by_addr(source, haddr_t(address)), "open it")
      try copy(object.id, address, name, path, place)
      copied[address] = Self.cString([UInt8(ascii: "/")] + path)
    }
  }

  private mutating func copy(
    _ object: hid_t, _ address: UInt64, _ name: [CChar], _ path: [UInt8], _ place: Place
  ) throws(LibraryError) {
    switch H5Iget_type(object) {
    case H5I_GROUP:
      let properties = try GroupCreation.properties(like: object)
      let group = try Identifier(
        unsafe H5Gcreate2(
          place.group.id, name, ctl_default_list(), properties.id, ctl_default_list()),
        "make the group")
      try enter(object, Place(group, path: path + [UInt8(ascii: "/")]))
    case H5I_DATASET:
      if let entry = replacements[address] {
        try DatasetCreation(template: object, entry: entry).make(name, in: place.group.id)
      } else {
        try copyWhole(object, name, place)
      }
    case H5I_DATATYPE:
      // H5Ocopy crashes on a committed type when it is to find committed types again.
      let type = try Identifier(H5Tcopy(object), "copy the type")
      let list = ctl_default_list()
      try check(
        unsafe H5Tcommit2(place.group.id, name, type.id, list, list, list), "commit the type")
      try AttributeCopy.copyAll(from: object, to: type.id)
    default: throw LibraryError("it is neither a group nor a data set nor a type")
    }
  }

  /// Copies an object with its attributes and values (H5Ocopy); a committed type is found again.
  private func copyWhole(_ object: hid_t, _ name: [CChar], _ place: Place) throws(LibraryError) {
    let properties = try Identifier(H5Pcreate(ctl_object_copy()), "copy it")
    try check(
      H5Pset_copy_object(properties.id, UInt32(H5O_COPY_MERGE_COMMITTED_DTYPE_FLAG)), "copy it")
    try check(
      unsafe H5Ocopy(object, ".", place.group.id, name, properties.id, ctl_default_list()),
      "copy it")
  }

  private static func cString(_ bytes: [UInt8]) -> [CChar] {
    bytes.map { CChar(bitPattern: $0) } + [0]
  }

  private static func cString(_ text: String) -> [CChar] {
    Array(text.utf8CString)
  }
}
