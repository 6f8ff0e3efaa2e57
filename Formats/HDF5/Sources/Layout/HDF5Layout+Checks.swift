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
    func refuse(_ tensor: TensorName?, _ holder: String) -> CheckpointError {
      .unusable(
        file, tensor: tensor,
        "\(holder) holds references to objects, which a new layout would break",
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
        let place = group.path.bytes.isEmpty ? "the root group" : "group \(group.path)"
        throw refuse(nil, "attribute \(attribute.name) of \(place)")
      }
    }
  }

  /// Surveys an output as a file that was just opened.
  static func survey(_ output: StagedFile) throws(CheckpointError) -> HDF5Tree {
    do throws(CheckpointError) {
      return try HDF5Tree.survey(try output.reopened())
    } catch {
      throw CheckpointError(
        .output, file: output.destination.name, subject: error.subject,
        fact: "can't be read again: \(error.fact)", remedy: error.remedy)
    }
  }

  /// The tree in a worker's answer about an output that it wrote.
  static func outputTree(
    _ answer: [UInt8], of output: StagedFile, userBlock: Int
  ) throws(CheckpointError) -> HDF5Tree {
    let name = output.destination.name
    var status = stat()
    guard unsafe fstat(output.descriptor, &status) == 0 else {
      throw CheckpointError(
        .output, file: name, fact: "can't be examined: \(systemMessage(errno))")
    }
    var version: UInt8 = 0
    _ = unsafe pread(output.descriptor, &version, 1, off_t(userBlock + 8))
    do throws(SurveyFault) {
      return try TreeBuilder.tree(
        from: answer, size: Int(status.st_size), superblockVersion: Int(version))
    } catch {
      throw outputError(
        error.fact, remedy: error.remedy, tensor: error.tensor, file: name)
    }
  }

  /// Checks an answer that says no more than that the work is done.
  static func expectEnd(_ answer: [UInt8], of output: StagedFile) throws(CheckpointError) {
    let name = output.destination.name
    var wire = WireReader(answer)
    let record: SurveyRecord
    do throws(WireError) {
      record = try SurveyRecord(from: &wire)
    } catch {
      throw outputError(error.reason, remedy: nil, tensor: nil, file: name)
    }
    switch record {
    case .end: return
    case .failure(let fact, let remedy):
      throw outputError(fact, remedy: remedy, tensor: nil, file: name)
    default: throw outputError("the answer makes no sense", remedy: nil, tensor: nil, file: name)
    }
  }

  private static func outputError(
    _ fact: String, remedy: String?, tensor: TensorName?, file: String
  ) -> CheckpointError {
    // The library's complaints are worded for inputs.
    let prefix = "damaged: "
    let fact = fact.hasPrefix(prefix) ? String(fact.dropFirst(prefix.count)) : fact
    let isFull = fact.contains("No space left") || fact.contains("errno = 28")
    return CheckpointError(
      .output, file: file, subject: tensor.map { "tensor \($0)" },
      fact: "can't be written: \(fact)",
      remedy: isFull ? "free some space or name another folder" : remedy)
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
