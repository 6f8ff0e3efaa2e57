package import Checkpoints

/// A new HDF5 file of contiguous data sets; slashes in names make groups.
///
/// libhdf5 lays it out in a worker, in the order of the arrays; the values follow by plain writes at
/// the ranges that a survey finds.
package struct HDF5NewFile: NewFileLayout {
  private let arrays: [NewArray]
  private let attributes: [Checkpoint.Attribute]

  /// Decides on a layout.
  ///
  /// - Parameters:
  ///   - arrays: What the file is to hold.
  ///   - attributes: Texts for the root group.
  ///   - file: The output's name, for messages.
  /// - Throws: ``CheckpointError`` where a name can't be a path, is there twice, or would have to be
  ///   a data set and a group.
  package init(
    _ arrays: [NewArray], attributes: [Checkpoint.Attribute] = [], file: String
  ) throws(CheckpointError) {
    var paths = Set<TensorName>()
    for array in arrays {
      let components = array.name.components
      let isPath = !components.isEmpty && !array.name.bytes.contains(0)
      guard isPath, !components.contains(TensorName(".")) else {
        throw Self.fault(array.name, "can't be the path of a data set", in: file)
      }
      guard paths.insert(Self.path(components[...])).inserted else {
        throw Self.fault(array.name, "is there twice", in: file)
      }
    }
    for array in arrays {
      let components = array.name.components
      for depth in 1..<max(1, components.count) {
        let above = Self.path(components.prefix(depth))
        guard paths.contains(above) else { continue }
        throw Self.fault(
          array.name, "would lie below \(above), which is a data set itself", in: file)
      }
    }
    self.arrays = arrays
    self.attributes = attributes
  }

  /// Makes the file by a worker and finds the ranges.
  package func prepare(_ output: StagedFile) throws(CheckpointError) -> [Extent] {
    var wire = WireWriter()
    CreationMessage(arrays: arrays, attributes: attributes).write(to: &wire)
    let answer = try WorkerProcess.answer(
      to: wire.bytes, mode: .create, descriptors: [output.descriptor],
      file: output.destination.name)
    let tree = try HDF5Layout.outputTree(answer, of: output, userBlock: 0)
    var places: [TensorName: HDF5Dataset] = [:]
    for dataset in tree.datasets { places[dataset.path] = dataset }
    var extents: [Extent] = []
    for array in arrays {
      guard let dataset = places[Self.path(array.name.components[...])],
        dataset.shape == array.shape, dataset.type.element == array.elementType,
        let extent = Self.extent(of: dataset, byteCount: array.byteCount)
      else {
        throw CheckpointError(
          .output, file: output.destination.name, subject: "tensor \(array.name)",
          fact: "has no room in the new layout", remedy: "please report this")
      }
      extents.append(extent)
    }
    // Reserved only now: libhdf5 lays out a file sparsely, and a full disk shall be found here.
    try output.reserve(output.byteCount)
    return extents
  }

  /// Nothing is left to do.
  package func finish(_ output: StagedFile) throws(CheckpointError) {}

  /// Where values go; an array without elements has no place in a file.
  private static func extent(of dataset: HDF5Dataset, byteCount: Int) -> Extent? {
    if byteCount == 0 { return Extent(offset: 0, length: 0) }
    guard case .contiguous(let extent) = dataset.storage, extent.length == byteCount else {
      return nil
    }
    return extent
  }

  /// A path without leading, trailing or double slashes, as HDF5 sees it.
  private static func path(_ components: ArraySlice<TensorName>) -> TensorName {
    TensorName(bytes: Array(components.map(\.bytes).joined(separator: [UInt8(ascii: "/")])))
  }

  private static func fault(
    _ name: TensorName, _ fact: String, in file: String
  ) -> CheckpointError {
    CheckpointError(
      .output, file: file, subject: "tensor \(name)", fact: "\(fact) in an HDF5 file",
      remedy: "leave it out, or write another format")
  }
}
