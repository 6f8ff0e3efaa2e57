import Checkpoints

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension HDF5Layout {
  /// Throws where anything that stays holds references to objects.
  static func refuseReferences(
    in tree: HDF5Tree, of file: String, except dropped: [TensorName]
  ) throws(CheckpointError) {
    let filter = DroppedPaths(dropped)
    func refuse(_ path: TensorName, _ place: String) -> CheckpointError {
      .unusable(
        file, tensor: path,
        "\(place) holds references to objects, which a new layout would break",
        remedy: "keep the element types and the storage, so that the file's bytes stay")
    }
    for dataset in tree.datasets where !filter.contains(dataset.path) {
      if dataset.type.holdsReferences { throw refuse(dataset.path, "it") }
      for attribute in dataset.attributes where attribute.type.holdsReferences {
        throw refuse(dataset.path, "attribute \(attribute.name)")
      }
    }
    for group in tree.groups where !filter.contains(group.path) {
      for attribute in group.attributes where attribute.type.holdsReferences {
        throw refuse(group.path, "attribute \(attribute.name)")
      }
    }
  }

  /// The tree in a worker's answer about an output that it wrote.
  static func outputTree(
    _ answer: [UInt8], of output: CInt, named name: String, userBlock: Int
  ) throws(CheckpointError) -> HDF5Tree {
    var status = stat()
    guard unsafe fstat(output, &status) == 0 else {
      throw CheckpointError(
        .output, file: name, fact: "can't be examined: \(systemMessage(errno))")
    }
    var version: UInt8 = 0
    _ = unsafe pread(output, &version, 1, off_t(userBlock + 8))
    do throws(SurveyFault) {
      return try TreeBuilder.tree(
        from: answer, size: Int(status.st_size), superblockVersion: Int(version))
    } catch {
      let isFull = error.fact.contains("No space left") || error.fact.contains("errno = 28")
      throw CheckpointError(
        .output, file: name, subject: error.tensor.map { "tensor \($0)" },
        fact: "can't be laid out: \(error.fact)",
        remedy: isFull ? "free some space or name another folder" : error.remedy)
    }
  }
}

extension HDF5Dataset {
  /// Whether values lie at the same bytes of the file.
  func hasSamePlace(as other: HDF5Dataset) -> Bool {
    guard path == other.path, address == other.address, shape == other.shape else { return false }
    switch (storage, other.storage) {
    case (.contiguous(let left), .contiguous(let right)): return left == right
    case (.chunked(let left), .chunked(let right)):
      return left.chunks.count == right.chunks.count
        && left.chunks.allSatisfy { right.chunks[$0.key]?.extent == $0.value.extent }
    case (.inline, .inline), (.fill, .fill), (.unsupported, .unsupported): return true
    default: return false
    }
  }
}
