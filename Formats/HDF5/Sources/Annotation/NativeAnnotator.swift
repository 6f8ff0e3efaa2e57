import Checkpoints

/// Adds texts to the root group of an output in this process.
enum NativeAnnotator {
  /// Adds the texts where it can.
  ///
  /// - Parameters:
  ///   - attributes: The texts; an attribute of the same name is replaced.
  ///   - output: The output, complete.
  ///   - datasets: The data sets whose values must stay as they are.
  /// - Returns: Whether it was done; if not, only libhdf5 can, and the output is as it was.
  /// - Throws: ``CheckpointError`` of kind `output`.
  static func add(
    _ attributes: [Checkpoint.Attribute], to output: StagedFile, sparing datasets: [HDF5Dataset]
  ) throws(CheckpointError) -> Bool {
    let file = try output.reopened()
    var expected: [TensorName: HDF5Attribute.Value] = [:]
    let changes: [RootAnnotation.Change]
    do throws(NotUnderstood) {
      expected = try rootAttributes(of: file)
      changes = try RootAnnotation(attributes, superblock(of: file)).changes()
    } catch {
      return false
    }
    guard changes.allSatisfy({ spares($0, datasets) }) else { return false }
    // What makes the file longer comes first: on a full disk nothing has changed then.
    for change in changes.reversed() {
      try output.write(unsafe change.bytes.span.bytes, at: change.position)
    }
    for attribute in attributes {
      expected[TensorName(attribute.name)] = .strings([Array(attribute.value.utf8)])
    }
    guard let found = try? rootAttributes(of: output.reopened()), found == expected else {
      throw CheckpointError(
        .output, file: output.destination.name,
        fact: "the root group can't be read again after attributes were added",
        remedy: "leave the attributes out")
    }
    return true
  }

  private static func superblock(
    of file: InputFile
  ) throws(NotUnderstood) -> NativeSuperblock {
    let superblock: Superblock
    do throws(CheckpointError) {
      superblock = try Superblock(of: file)
    } catch {
      throw NotUnderstood(error.fact)
    }
    return try NativeSuperblock(file, at: superblock)
  }

  private static func rootAttributes(
    of file: InputFile
  ) throws(NotUnderstood) -> [TensorName: HDF5Attribute.Value] {
    let superblock = try superblock(of: file)
    let metadata = superblock.file
    let header = try ObjectHeader(at: superblock.rootAddress, in: metadata)
    let attributes = try AttributeList(
      file: metadata, heap: GlobalHeap(in: metadata), types: CommittedTypes(in: metadata)
    ).attributes(of: header)
    // Two of one name aren't understood.
    return Dictionary(attributes.map { ($0.name, $0.value) }) { first, _ in first }
  }

  /// Whether a change leaves the values of all data sets alone.
  ///
  /// In a sound file each does; in a damaged one a data set may lie anywhere.
  private static func spares(_ change: RootAnnotation.Change, _ datasets: [HDF5Dataset]) -> Bool {
    let end = change.position + change.bytes.count
    func isApart(_ extent: Extent) -> Bool {
      extent.length == 0 || extent.end <= change.position || extent.offset >= end
    }
    return datasets.allSatisfy { dataset in
      switch dataset.storage {
      case .contiguous(let extent): isApart(extent)
      case .chunked(let grid): grid.chunks.values.allSatisfy { isApart($0.extent) }
      case .inline, .fill, .unsupported: true
      }
    }
  }
}
