public import Checkpoints

/// Writes HDF5 files of any tensors: a data set each, groups where names have slashes.
public struct HDF5Writer: CheckpointWriter {
  private let groups: [NewHDF5Group]

  /// A writer.
  public init() {
    groups = []
  }

  /// A writer of files that have some groups whether or not tensors lie in them.
  package init(groups: [NewHDF5Group]) {
    self.groups = groups
  }

  /// A writer of files that have the groups of a tree, with what those say in texts.
  package init(groupsOf tree: HDF5Tree) {
    groups = tree.groups.dropFirst().map { group in
      NewHDF5Group(
        group.path,
        attributes: group.attributes.compactMap { attribute in
          attribute.text.map { Checkpoint.Attribute(name: attribute.name.text, value: $0) }
        })
    }
  }

  /// The format's name.
  public var name: String { "HDF5" }
  /// Tied tensors are one data set with several links.
  public var keepsTies: Bool { true }

  /// Checks that the names make a tree.
  public func layout(
    _ tensors: [NewTensor], attributes: [Checkpoint.Attribute], file: String
  ) throws(CheckpointError) -> any NewFile {
    let paths = tensors.flatMap { [$0.name] + $0.aliases }
    let known = Set(paths)
    var seen = Set<TensorName>()
    for path in paths {
      guard seen.insert(path).inserted else {
        throw .unusable(
          file, tensor: path, "is there twice", remedy: "use --rename 'REGEX=>NAME'")
      }
      let parts = path.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      let isPath = parts.allSatisfy { !$0.isEmpty && $0 != [UInt8(ascii: ".")] && !$0.contains(0) }
      guard isPath else {
        throw .unusable(
          file, tensor: path, "HDF5 can't have this name", remedy: "use --rename 'REGEX=>NAME'")
      }
      for count in 1..<max(parts.count, 1) {
        let group = TensorName(
          bytes: Array(parts.prefix(count).joined(separator: [UInt8(ascii: "/")])))
        if known.contains(group) {
          throw .unusable(
            file, tensor: path, "lies below \(group), which is a tensor and no group",
            remedy: "use --rename 'REGEX=>NAME'")
        }
      }
    }
    for tensor in tensors where !FileTypes.canWrite(tensor.elementType) {
      throw .unusable(
        file, tensor: tensor.name, "\(tensor.elementType) can't be written to HDF5",
        remedy: "leave it out with --exclude")
    }
    // A tensor that took the name of a group, or of one around it, leaves no room for the group.
    let free = groups.filter { group in
      let parts = group.path.components
      return (0...parts.count).allSatisfy { count in
        !known.contains(TensorName(components: parts.prefix(count)))
      }
    }
    return NewHDF5File(tensors: tensors, groups: free, attributes: attributes)
  }
}

/// A group of a file that is to be made.
package struct NewHDF5Group: Sendable {
  /// The path without a leading slash.
  package let path: TensorName
  /// The attributes, each one text.
  package let attributes: [Checkpoint.Attribute]

  /// A group.
  package init(_ path: TensorName, attributes: [Checkpoint.Attribute] = []) {
    self.path = path
    self.attributes = attributes
  }
}

/// A new HDF5 file, which libhdf5 lays out in a worker.
struct NewHDF5File: NewFile {
  let tensors: [NewTensor]
  let groups: [NewHDF5Group]
  let attributes: [Checkpoint.Attribute]

  var estimatedSize: Int { tensors.reduce(4096) { $0 + $1.byteCount + 512 } }

  func prepare(_ output: StagedFile) throws(CheckpointError) -> [Extent] {
    var wire = WireWriter()
    CreationMessage(tensors: tensors, groups: groups, attributes: attributes).write(to: &wire)
    let answer = try WorkerProcess.answer(
      to: wire.bytes, mode: .create, descriptors: [output.descriptor],
      file: output.destination.name)
    let tree = try HDF5Layout.outputTree(answer, of: output, userBlock: 0)
    try output.reserve(output.byteCount)
    var found: [TensorName: HDF5Dataset] = [:]
    for dataset in tree.datasets {
      for path in [dataset.path] + dataset.aliases { found[path] = dataset }
    }
    var extents: [Extent] = []
    for tensor in tensors {
      // A data set without elements has no range.
      if tensor.byteCount == 0, let none = Extent(offset: 0, length: 0) {
        extents.append(none)
        continue
      }
      guard case .contiguous(let extent) = found[tensor.name]?.storage,
        extent.length == tensor.byteCount
      else {
        throw CheckpointError(
          .output, file: output.destination.name, subject: "tensor \(tensor.name)",
          fact: "has no room in the new layout", remedy: "please report this with the source")
      }
      extents.append(extent)
    }
    return extents
  }

  func finish(_ output: StagedFile) throws(CheckpointError) {}
}
