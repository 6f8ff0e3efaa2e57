public import Checkpoints
import JSON

/// A model that is cut into several safetensors files, by the index that lists them.
///
/// `{"metadata": {"total_size": bytes}, "weight_map": {tensor: file}}`. The parts are read as one file.
public struct SafetensorsIndexFormat: CheckpointFormat {
  /// The format.
  public init() {}

  /// The name that reports use.
  public var name: String { "safetensors-sharded" }

  /// Whether the file is JSON with a `weight_map` to files of safetensors.
  public func recognises(_ file: InputFile) throws(CheckpointError) -> Bool {
    // Keras and Transformers index parts of HDF5 under the same key.
    try ShardIndex.recognises(file, endings: [".safetensors"])
  }

  /// Opens every part and checks that they hold what the index says, each tensor once.
  public func open(_ file: InputFile) throws(CheckpointError) -> Checkpoint {
    let index = try ShardIndex(of: file)
    let map = try Self.map(of: index, file: file)
    var parts: [InputFile] = []
    var entries: [SafetensorsHeader.Entry] = []
    var metadata: [SafetensorsHeader.Pair] = []
    var seen: [TensorName: String] = [:]
    var start = 0
    for part in index.files {
      let opened = try InputFile.open(FolderListing.sibling(part, of: file.name))
      let header = try SafetensorsFormat.header(of: opened)
      for entry in header.entries {
        guard map[entry.name] == part else {
          throw .unusable(
            opened.name, tensor: entry.name, "\(file.name) says that it is elsewhere",
            remedy: "the parts and the index don't belong together; fetch them again")
        }
        guard let extent = entry.extent.moved(by: start) else {
          throw .unusable(file.name, "is larger than can be addressed")
        }
        seen[entry.name] = part
        entries.append(
          SafetensorsHeader.Entry(
            name: entry.name, type: entry.type, shape: entry.shape, extent: extent))
      }
      for pair in header.metadata where !metadata.contains(where: { $0.key == pair.key }) {
        metadata.append(pair)
      }
      parts.append(opened)
      start += opened.size
    }
    for (name, part) in map.sorted(by: { $0.key < $1.key }) where seen[name] == nil {
      throw .unusable(
        file.name, tensor: name, "isn't in \(part), where the index says it is",
        remedy: "the parts and the index don't belong together; fetch them again")
    }
    let total = entries.reduce(0) { $0 + $1.extent.length }
    let inconsistencies =
      index.totalSize.map { $0 == total } == false
      ? ["the index tells a total size that isn't the tensors' \(total) bytes"] : []
    guard let first = parts.first else {
      throw .unusable(file.name, "lists no tensors", remedy: "name the model's own file")
    }
    return try SafetensorsFormat.checkpoint(
      first.joined(with: Array(parts.dropFirst())).named(file.name),
      SafetensorsHeader(entries: entries, metadata: metadata), format: name,
      inconsistencies: inconsistencies)
  }

  /// The file of each tensor.
  ///
  /// - Throws: ``CheckpointError`` where a tensor is said to be in several.
  private static func map(
    of index: ShardIndex, file: InputFile
  ) throws(CheckpointError) -> [TensorName: String] {
    var map: [TensorName: String] = [:]
    for entry in index.entries {
      guard entry.files.count == 1 else {
        throw .unusable(
          file.name, tensor: entry.name, "is said to be in \(entry.files.count) files",
          remedy: "the index is damaged; fetch it again")
      }
      map[entry.name] = entry.files[0]
    }
    return map
  }
}
