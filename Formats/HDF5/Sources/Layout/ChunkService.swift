import CHDF5

/// The worker's side of storing chunks.
///
/// A message is the length of a header (0 ends the stream), the header (data set, origin, size), and
/// the chunk's bytes.
enum ChunkService {
  /// The most bytes of a chunk; libhdf5's own limit is 4 GiB.
  private static let chunkLimit: UInt64 = 1 << 30

  static func serve() {
    WorkerServer.answer { emit throws(LibraryError) in
      let file = try HDF5Library.openOutput(WorkerServer.firstFile)
      let count = try storeAll(in: file)
      try HDF5Library.close(output: file)
      emit(.end(count: count))
    }
  }

  private static func storeAll(in file: hid_t) throws(LibraryError) -> UInt64 {
    var count: UInt64 = 0
    var open: OpenDataset?
    while let frame = try nextFrame() {
      if open?.address != frame.address { open = try OpenDataset(file, frame.address) }
      guard let dataset = open, dataset.rank == frame.origin.count else {
        throw LibraryError("a chunk has \(frame.origin.count) axes")
      }
      var origin = frame.origin
      try check(
        unsafe H5Dwrite_chunk(
          dataset.identifier.id, ctl_default_list(), 0, &origin, frame.bytes.count, frame.bytes),
        "store a chunk")
      count += 1
    }
    return count
  }

  private struct Frame {
    let address: UInt64
    let origin: [UInt64]
    let bytes: [UInt8]
  }

  private static func nextFrame() throws(LibraryError) -> Frame? {
    do throws(WireError) {
      var length = WireReader(WorkerServer.receive(exactly: 8))
      let headerSize = try length.integer(UInt64.self)
      if headerSize == 0 { return nil }
      guard headerSize <= 1024 else { throw WireError(reason: "a header of \(headerSize) bytes") }
      var header = WireReader(WorkerServer.receive(exactly: Int(headerSize)))
      let address = try header.integer(UInt64.self)
      let origin = try header.integers(UInt64.self)
      let size = try header.integer(UInt64.self)
      guard size <= chunkLimit else { throw WireError(reason: "a chunk of \(size) bytes") }
      let bytes = WorkerServer.receive(exactly: Int(size))
      guard bytes.count == Int(size) else { throw WireError(reason: "a chunk ends early") }
      return Frame(address: address, origin: origin, bytes: bytes)
    } catch {
      throw LibraryError("the request makes no sense: \(error.reason)")
    }
  }
}

/// The data set that the latest chunk went to.
private final class OpenDataset {
  let identifier: Identifier
  let address: UInt64
  let rank: Int

  init(_ file: hid_t, _ address: UInt64) throws(LibraryError) {
    identifier = try Identifier(H5Oopen_by_addr(file, haddr_t(address)), "open a data set")
    self.address = address
    let space = try Identifier(H5Dget_space(identifier.id), "read a shape")
    rank = try SpaceReader.shape(of: space.id)?.count ?? 0
  }
}
