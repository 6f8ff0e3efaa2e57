import CHDF5
import Checkpoints

/// The links of one group; read in the worker only.
struct GroupLinks {
  enum Target {
    case hard(UInt64)
    case soft([UInt8])
  }

  struct Link {
    let name: [UInt8]
    let target: Target
  }

  private struct Entry {
    let name: [UInt8]
    let kind: Int32
    let value: UInt64
  }

  /// Lists a group's links; refuses those that lead out of the file.
  ///
  /// - Parameters:
  ///   - group: An open group.
  ///   - byCreation: Whether to list by creation rather than by name.
  /// - Returns: The hard and soft links.
  /// - Throws: ``LibraryError``.
  static func read(_ group: hid_t, byCreation: Bool) throws(LibraryError) -> [Link] {
    var entries: [Entry] = []
    let result = unsafe withUnsafeMutablePointer(to: &entries) { list in
      unsafe ctl_iterate_links(
        group, byCreation ? 1 : 0,
        { context, name, kind, value in
          guard let context = unsafe context, let name = unsafe name else { return -1 }
          let bytes = unsafe UnsafeRawBufferPointer(start: name, count: strlen(name))
          let entry = unsafe Entry(name: Array(bytes), kind: kind, value: value)
          unsafe context.assumingMemoryBound(to: [Entry].self).pointee.append(entry)
          return 0
        }, list)
    }
    try check(result, "list its links")
    var links: [Link] = []
    links.reserveCapacity(entries.count)
    for entry in entries { links.append(try link(entry, in: group)) }
    return links
  }

  private static func link(_ entry: Entry, in group: hid_t) throws(LibraryError) -> Link {
    let title = TensorName(bytes: entry.name)
    switch entry.kind {
    case Int32(CTL_LINK_HARD): return Link(name: entry.name, target: .hard(entry.value))
    case Int32(CTL_LINK_SOFT):
      guard entry.value <= UInt64(TreeWalk.pathLimit) else {
        throw LibraryError("soft link \(title): its target is too long")
      }
      var target = [UInt8](repeating: 0, count: Int(entry.value) + 1)
      let count = target.count
      let name = entry.name.map { CChar(bitPattern: $0) } + [0]
      try check(
        unsafe H5Lget_val(group, name, &target, count, ctl_default_list()),
        "read soft link \(title)")
      return Link(name: entry.name, target: .soft(Array(target.prefix { $0 != 0 })))
    case Int32(CTL_LINK_EXTERNAL):
      throw LibraryError(
        "link \(title) leads to another file (external link), which isn't supported",
        remedy: "replace it by the object that it names")
    default: throw LibraryError("link \(title) is of a kind that isn't supported")
    }
  }
}
