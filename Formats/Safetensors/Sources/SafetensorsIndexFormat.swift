public import Checkpoints
import JSON

/// A model that is cut into several safetensors files, by the index that lists them.
///
/// `{"metadata": {"total_size": bytes}, "weight_map": {tensor: file}}`. The parts are read as one file.
public struct SafetensorsIndexFormat: CheckpointFormat {
  private static let largestIndex = 256 << 20

  /// The format.
  public init() {}

  /// The name that reports use.
  public var name: String { "safetensors-sharded" }

  /// Whether the file is JSON with a `weight_map` to files of safetensors.
  public func recognises(_ file: InputFile) throws(CheckpointError) -> Bool {
    guard file.size > 2, file.size <= Self.largestIndex,
      let first = Extent(offset: 0, length: 1), try file.bytes(first) == [UInt8(ascii: "{")],
      let whole = Extent(offset: 0, length: file.size)
    else { return false }
    let bytes = try file.bytes(whole)
    // Keras and Transformers index parts of HDF5 under the same key.
    let map = (try? StrictJSON(parsing: bytes))?["weight_map"]?.members
    return map?.allSatisfy { $0.value.text?.hasSuffix(".safetensors") == true } ?? false
  }

  /// Opens every part and checks that they hold what the index says, each tensor once.
  public func open(_ file: InputFile) throws(CheckpointError) -> Checkpoint {
    let index = try index(of: file)
    var parts: [InputFile] = []
    var entries: [SafetensorsHeader.Entry] = []
    var metadata: [SafetensorsHeader.Pair] = []
    var seen: [TensorName: String] = [:]
    var start = 0
    for part in index.parts {
      let opened = try InputFile.open(FolderListing.sibling(part, of: file.name))
      let header = try SafetensorsFormat.header(of: opened)
      for entry in header.entries {
        guard index.map[entry.name] == part else {
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
    for (name, part) in index.map.sorted(by: { $0.key < $1.key }) where seen[name] == nil {
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

  private struct Index {
    /// The file of each tensor.
    var map: [TensorName: String] = [:]
    /// The files, sorted.
    var parts: [String] = []
    var totalSize: Int?
  }

  private func index(of file: InputFile) throws(CheckpointError) -> Index {
    guard let whole = Extent(offset: 0, length: file.size) else {
      throw .unusable(file.name, "can't be read")
    }
    let bytes = try file.bytes(whole)
    let json: StrictJSON
    do throws(StrictJSON.Fault) {
      json = try StrictJSON(parsing: bytes)
    } catch {
      throw .unusable(file.name, "the index \(error.fact)", remedy: "fetch it again")
    }
    var index = Index()
    for member in json["weight_map"]?.members ?? [] {
      guard let part = member.value.text else {
        throw .unusable(file.name, "its weight_map names something else than files")
      }
      // A stranger's index must not lead to files elsewhere.
      guard !part.isEmpty, part != ".", part != "..", !part.utf8.contains(UInt8(ascii: "/")),
        !part.utf8.contains(0)
      else {
        throw .unusable(
          file.name, "names the part \(TensorName(part)), which isn't a file beside it",
          remedy: "the index is damaged or was made to mislead")
      }
      index.map[TensorName(bytes: member.key)] = part
    }
    index.parts = Set(index.map.values).sorted()
    index.totalSize = json["metadata"]?["total_size"]?.integer
    return index
  }
}
