import Checkpoints

/// One thing that a worker found, in the order in which it found them.
///
/// Numbers are as the library gave them: nothing here has been compared with the file's size.
enum SurveyRecord {
  /// The file as a whole; comes first.
  case file(userBlockSize: UInt64)
  case group(GroupRecord)
  case dataset(DatasetRecord)
  case namedType(path: TensorName, address: UInt64)
  case softLink(path: TensorName, target: TensorName)
  /// A further hard link to an object that came earlier.
  case alias(path: TensorName, address: UInt64)
  /// The file can't be surveyed; nothing follows.
  case failure(fact: String, remedy: String?)
  /// Everything was found; comes last.
  case end(count: UInt64)
}

struct GroupRecord {
  let path: TensorName
  let address: UInt64
  let tracksCreationOrder: Bool
  let attributes: [HDF5Attribute]
}

struct DatasetRecord {
  let path: TensorName
  let address: UInt64
  let type: HDF5Type
  let shape: [UInt64]?
  let attributes: [HDF5Attribute]
  let storage: StorageRecord
  /// The bytes of the element that stands where nothing was written; empty where there is none.
  let fillElement: [UInt8]
}

/// Where the library says that values lie; addresses include the user block.
enum StorageRecord {
  /// No address: never written.
  case contiguous(address: UInt64?, byteCount: UInt64)
  case compact([UInt8])
  case chunked(shape: [UInt64], filters: [HDF5Filter], chunks: [ChunkRecord])
}

struct ChunkRecord {
  /// The index of the box in C order over the grid.
  let index: UInt64
  let address: UInt64
  let byteCount: UInt64
  let filterMask: UInt32
}
