import Checkpoints

@testable import HDF5

/// Both surveys of one file, compared line by line.
enum NativeComparison {
  /// Everything that a tree tells, in an order of its own.
  static func lines(_ tree: HDF5Tree) -> [String] {
    var lines = ["file \(tree.userBlockSize) \(tree.superblockVersion)"]
    for group in tree.groups {
      lines.append(
        "group \(group.path.bytes) \(group.aliases.map(\.bytes)) \(group.tracksCreationOrder)")
      lines += group.attributes.map(line)
    }
    for dataset in tree.datasets {
      lines.append(
        "data set \(dataset.path.bytes) \(dataset.aliases.map(\.bytes)) \(dataset.address) "
          + "\(dataset.type) \(String(describing: dataset.shape)) \(dataset.layout) "
          + storage(dataset.storage))
      lines += dataset.attributes.map(line)
    }
    lines += tree.softLinks.map { "soft link \($0.path.bytes) \($0.target.bytes)" }
    lines += tree.namedTypes.map { "type \($0.path.bytes) \($0.aliases.map(\.bytes))" }
    return lines
  }

  private static func line(_ attribute: HDF5Attribute) -> String {
    "attribute \(attribute.name.bytes) \(attribute.type) \(String(describing: attribute.shape)) "
      + "\(attribute.value)"
  }

  private static func storage(_ storage: Storage) -> String {
    guard case .chunked(let grid) = storage else { return "\(storage)" }
    let chunks = grid.chunks.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return "\(grid.chunkShape) \(grid.gridShape) \(grid.fillElement) \(grid.chunkByteCount) "
      + "\(grid.pipeline) \(chunks)"
  }

  /// The native tree, or why the worker is asked.
  static func native(_ file: InputFile) throws(CheckpointError) -> Result<HDF5Tree, NotUnderstood> {
    let superblock = try Superblock(of: file)
    do throws(NotUnderstood) {
      return .success(try HDF5Tree.surveyNatively(file, superblock))
    } catch {
      return .failure(error)
    }
  }

  /// The worker's tree.
  static func worker(_ file: InputFile) throws(CheckpointError) -> HDF5Tree {
    try HDF5Tree.surveyInWorker(file, try Superblock(of: file), patience: 20)
  }

  /// Where two trees differ first, or nil.
  static func difference(_ native: HDF5Tree, _ worker: HDF5Tree) -> String? {
    let (left, right) = (lines(native), lines(worker))
    for (left, right) in zip(left, right) where left != right {
      return "native: \(left)\nworker: \(right)"
    }
    return left.count == right.count ? nil : "\(left.count) and \(right.count) lines"
  }
}
