import CHDF5
import Checkpoints

/// Makes a data set like a template's, with another type or storage and without values; in the
/// worker only.
struct DatasetCreation {
  let template: hid_t
  let entry: LayoutMessage.Entry

  /// Makes the data set and copies its attributes.
  func make(_ name: [CChar], in group: hid_t) throws(LibraryError) {
    let oldType = try Identifier(H5Dget_type(template), "read its type")
    let oldSpace = try Identifier(H5Dget_space(template), "read its shape")
    let keepsType = try TypeReader.read(oldType.id).isStored(as: entry.elementType)
    let type =
      try keepsType
      ? Identifier(H5Tcopy(oldType.id), "copy its type") : FileTypes.make(entry.elementType)
    let properties = try self.properties(
      type: type.id, shape: SpaceReader.shape(of: oldSpace.id) ?? [], keepsType: keepsType)
    // The same inputs give the same bytes, whatever the time.
    try check(H5Pset_obj_track_times(properties.id, false), "lay out the data set")
    let space = try self.space(oldSpace, isChunked: H5Pget_layout(properties.id) == H5D_CHUNKED)
    let list = ctl_default_list()
    let made = try Identifier(
      unsafe H5Dcreate2(group, name, type.id, space.id, list, properties.id, list),
      "make the data set")

    let dtype = FileTypes.dtypeName(entry.elementType)
    let wasNamed = H5Tget_class(oldType.id) == H5T_OPAQUE
    let isRenamed = !keepsType && (dtype != nil || wasNamed)
    try AttributeCopy.copyAll(from: template, to: made.id, except: isRenamed ? "dtype" : nil)
    if isRenamed, let dtype { try AttributeCopy.write("dtype", dtype, to: made.id) }
  }

  /// Only chunked data sets may have room to grow.
  private func space(
    _ old: borrowing Identifier, isChunked: Bool
  ) throws(LibraryError) -> Identifier {
    let space = try Identifier(H5Scopy(old.id), "copy its shape")
    if !isChunked, let shape = try SpaceReader.shape(of: space.id), !shape.isEmpty {
      try check(
        unsafe H5Sset_extent_simple(space.id, Int32(shape.count), shape, shape), "copy its shape")
    }
    return space
  }

  private func properties(
    type: hid_t, shape: [UInt64], keepsType: Bool
  ) throws(LibraryError) -> Identifier {
    let action = "lay out the data set"
    let old = try Identifier(H5Dget_create_plist(template), action)
    let new =
      try keepsType
      ? Identifier(H5Pcopy(old.id), action) : Identifier(H5Pcreate(ctl_dataset_create()), action)
    if !keepsType { try copyAttributeOrder(from: old.id, to: new.id) }
    let isChunked = H5Pget_layout(old.id) == H5D_CHUNKED
    switch entry.storage {
    case .keep where isChunked:
      if !keepsType { try copyChunks(from: old.id, to: new.id, rank: shape.count) }
      try KnownFilters.prepare(new.id, elementSize: H5Tget_size(type))
    case .gzip(let level) where !shape.isEmpty && !shape.contains(0):
      try check(H5Premove_filter(new.id, H5Z_filter_t(H5Z_FILTER_ALL)), action)
      let chunk = Self.chunkShape(shape, elementSize: H5Tget_size(type))
      try check(unsafe H5Pset_chunk(new.id, Int32(chunk.count), chunk), action)
      try check(H5Pset_shuffle(new.id), action)
      try check(H5Pset_deflate(new.id, UInt32(level)), action)
    default:
      try check(H5Premove_filter(new.id, H5Z_filter_t(H5Z_FILTER_ALL)), action)
      try check(H5Pset_layout(new.id, H5D_CONTIGUOUS), action)
      // The range must exist when the output is surveyed, and is about to be written anyway.
      try check(H5Pset_alloc_time(new.id, H5D_ALLOC_TIME_EARLY), action)
      try check(H5Pset_fill_time(new.id, H5D_FILL_TIME_NEVER), action)
    }
    return new
  }

  private func copyAttributeOrder(from old: hid_t, to new: hid_t) throws(LibraryError) {
    var flags: UInt32 = 0
    try check(unsafe H5Pget_attr_creation_order(old, &flags), "copy its properties")
    try check(H5Pset_attr_creation_order(new, flags), "copy its properties")
  }

  private func copyChunks(from old: hid_t, to new: hid_t, rank: Int) throws(LibraryError) {
    var chunk = [hsize_t](repeating: 0, count: rank)
    try check(unsafe H5Pget_chunk(old, Int32(rank), &chunk), "read the shape of chunks")
    try check(unsafe H5Pset_chunk(new, Int32(rank), chunk), "set the shape of chunks")
    for index in 0..<UInt32(try check(H5Pget_nfilters(old), "read filters")) {
      var flags: UInt32 = 0
      var used = 64
      var parameters = [UInt32](repeating: 0, count: used)
      let id = try check(
        unsafe H5Pget_filter2(old, index, &flags, &used, &parameters, 0, nil, nil),
        "read a filter")
      try KnownFilters.register(id)
      try check(unsafe H5Pset_filter(new, id, flags, used, parameters), "set a filter")
    }
  }

  /// The data set's shape, its slowest axes halved until a chunk is at most 1 MiB.
  static func chunkShape(_ shape: [UInt64], elementSize: Int) -> [UInt64] {
    var chunk = shape
    for axis in chunk.indices {
      while chunk[axis] > 1,
        (checkedProduct(chunk.map { Int(clamping: $0) } + [elementSize]) ?? .max) > 1 << 20
      {
        chunk[axis] = (chunk[axis] + 1) / 2
      }
    }
    return chunk
  }
}

extension HDF5Type {
  /// Whether values of an element type can be written as this type without changing it.
  ///
  /// Outputs are little-endian. Opaque bytes are what bfloat16 and the 8-bit floats are kept in.
  fileprivate func isStored(as element: ElementType) -> Bool {
    if self.element == .opaque(size) {
      return FileTypes.dtypeName(element) != nil && element.byteCount == size
    }
    return self.element == element && (byteOrder == .little || size == 1)
  }
}
