import CHDF5

/// The properties with which a group is made that is to be like another.
enum GroupCreation {
  /// Copies what a group's creator chose: which orders are kept, and from how many links or
  /// attributes on a heap holds them.
  ///
  /// Not all of H5Gget_create_plist: in libhdf5 1.10 it carries the address of the group's heap
  /// along, and a new group would look for its links there.
  static func properties(like group: hid_t) throws(LibraryError) -> Identifier {
    let old = try Identifier(H5Gget_create_plist(group), "read its properties")
    let new = try Identifier(H5Pcreate(ctl_group_create()), "make the group")
    let action = "copy its properties"
    var flags: UInt32 = 0
    try check(unsafe H5Pget_link_creation_order(old.id, &flags), action)
    try check(H5Pset_link_creation_order(new.id, flags), action)
    try check(unsafe H5Pget_attr_creation_order(old.id, &flags), action)
    try check(H5Pset_attr_creation_order(new.id, flags), action)
    var (most, least): (UInt32, UInt32) = (0, 0)
    try check(unsafe H5Pget_link_phase_change(old.id, &most, &least), action)
    try check(H5Pset_link_phase_change(new.id, most, least), action)
    try check(unsafe H5Pget_attr_phase_change(old.id, &most, &least), action)
    try check(H5Pset_attr_phase_change(new.id, most, least), action)
    try check(H5Pset_obj_track_times(new.id, false), action)
    return new
  }
}
