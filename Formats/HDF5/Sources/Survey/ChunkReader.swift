import CHDF5

/// Lists the chunks of a data set and its filters; in the worker only.
struct ChunkReader {
  let storage: StorageReader

  /// More chunks than this in one data set aren't listed: libhdf5 1.10 needs time that grows with
  /// the square of their number.
  static let limit: UInt64 = 1 << 16

  func read() throws(LibraryError) -> StorageRecord {
    guard let shape = storage.shape else {
      throw LibraryError("damaged: a chunked data set without a shape")
    }
    var chunkShape = [hsize_t](repeating: 0, count: shape.count)
    let rank = unsafe H5Pget_chunk(storage.properties, Int32(shape.count), &chunkShape)
    guard rank == shape.count, chunkShape.allSatisfy({ $0 > 0 }) else {
      throw LibraryError.taken("read the shape of chunks")
    }
    return .chunked(
      shape: chunkShape, filters: try filters(), chunks: try chunks(shape, chunkShape))
  }

  private func filters() throws(LibraryError) -> [HDF5Filter] {
    let count = try check(H5Pget_nfilters(storage.properties), "read filters")
    var filters: [HDF5Filter] = []
    for index in 0..<UInt32(count) {
      var flags: UInt32 = 0
      var used = 64
      var parameters = [UInt32](repeating: 0, count: used)
      let id = try check(
        unsafe H5Pget_filter2(
          storage.properties, index, &flags, &used, &parameters, 0, nil, nil), "read a filter")
      guard used <= parameters.count else {
        throw LibraryError("damaged: a filter with \(used) parameters")
      }
      filters.append(HDF5Filter(id: Int(id), parameters: Array(parameters.prefix(used))))
    }
    return filters
  }

  private func chunks(
    _ shape: [UInt64], _ chunkShape: [UInt64]
  ) throws(LibraryError) -> [ChunkRecord] {
    guard H5Dget_storage_size(storage.dataset) > 0 else { return [] }
    let space = try Identifier(H5Dget_space(storage.dataset), "read a shape")
    try checkOrder(space.id, rank: shape.count)
    var count: hsize_t = 0
    try check(unsafe H5Dget_num_chunks(storage.dataset, space.id, &count), "count chunks")
    guard count <= Self.limit else {
      throw LibraryError(
        "has \(count) chunks in one data set; at most \(Self.limit) are supported",
        remedy: "use larger chunks with h5repack")
    }
    var chunks: [ChunkRecord] = []
    var offset = [hsize_t](repeating: 0, count: shape.count)
    for position in 0..<count {
      var (mask, address, size): (UInt32, haddr_t, hsize_t) = (0, 0, 0)
      try check(
        unsafe H5Dget_chunk_info(
          storage.dataset, space.id, position, &offset, &mask, &address, &size),
        "find chunk \(position)")
      guard let index = gridIndex(of: offset, shape, chunkShape) else {
        throw LibraryError("damaged: a chunk lies outside its data set")
      }
      chunks.append(
        ChunkRecord(
          index: index, address: UInt64(address) &+ missingUserBlock, byteCount: size,
          filterMask: mask))
    }
    return chunks
  }

  /// Refuses what libhdf5 lists wrongly.
  ///
  /// An extensible array counts chunks with the axis without limit first; H5Dget_chunk_info takes the
  /// number as if the axes were in order, so it would name the chunks' places wrongly.
  private func checkOrder(_ space: hid_t, rank: Int) throws(LibraryError) {
    var kind = H5D_CHUNK_IDX_BTREE
    try check(unsafe H5Dget_chunk_index_type(storage.dataset, &kind), "read a chunk index")
    guard kind == H5D_CHUNK_IDX_EARRAY else { return }
    var limits = [hsize_t](repeating: 0, count: rank)
    try check(unsafe H5Sget_simple_extent_dims(space, nil, &limits), "read a shape")
    guard limits.first == ctl_unlimited() else {
      throw LibraryError(
        "can grow along an axis that isn't the first, which the HDF5 library lists wrongly",
        remedy: "rewrite it with h5repack")
    }
  }

  /// Before 1.14.4 the library leaves the user block out of chunk addresses (HDFGroup/hdf5 #4236).
  private var missingUserBlock: UInt64 {
    HDF5Library.version < (1, 14, 4) ? storage.userBlockSize : 0
  }

  private func gridIndex(
    of offset: [UInt64], _ shape: [UInt64], _ chunkShape: [UInt64]
  ) -> UInt64? {
    var index: UInt64 = 0
    for axis in offset.indices {
      guard offset[axis] < shape[axis] else { return nil }
      let cells = shape[axis] / chunkShape[axis] + (shape[axis] % chunkShape[axis] == 0 ? 0 : 1)
      let (product, overflow) = index.multipliedReportingOverflow(by: cells)
      let (sum, carry) = product.addingReportingOverflow(offset[axis] / chunkShape[axis])
      guard !overflow, !carry else { return nil }
      index = sum
    }
    return index
  }
}
