public import Checkpoints
import HDF5
import JSON

/// A model whose weights lie in several HDF5 files, by the index that lists them.
///
/// `model.save_weights("x.weights.json", max_shard_size=…)` of Keras 3 maps groups to files; the
/// `tf_model.h5.index.json` of Hugging Face's maps weights. The parts are read as one file.
public struct KerasShardsFormat: CheckpointFormat {
  /// The format.
  public init() {}

  /// The name of what Keras writes; what the parts hold decides.
  public var name: String { "keras-weights-sharded" }

  /// Whether the file is JSON with a `weight_map` to HDF5 files.
  public func recognises(_ file: InputFile) throws(CheckpointError) -> Bool {
    try ShardIndex.recognises(file, endings: [".h5", ".hdf5"])
  }

  /// Opens every part and checks that they hold what the index says, each tensor once.
  public func open(_ file: InputFile) throws(CheckpointError) -> Checkpoint {
    let shards = try KerasShards(file) { (part) throws(CheckpointError) in
      try InputFile.open(FolderListing.sibling(part, of: file.name))
    }
    let survey = shards.survey
    return Checkpoint(
      file: shards.file, format: survey.kind.rawValue + "-sharded", tensors: survey.tensors,
      // The list of one part isn't that of the whole.
      attributes: survey.attributes.filter { $0.name != "layer_names" },
      inconsistencies: survey.inconsistencies + shards.inconsistencies,
      layouter: ConvertingLayouter(HDF5Writer(groupsOf: survey.tree)))
  }
}

/// Parts of a model's weights, as one.
struct KerasShards {
  /// The bytes of all parts.
  let file: InputFile
  /// What they hold together.
  let survey: KerasSurvey
  /// Where the index contradicts the parts, for `verify`.
  let inconsistencies: [String]

  /// Opens the parts of an index.
  ///
  /// - Parameters:
  ///   - file: The index.
  ///   - open: Opens a part by its name, which has no folder in it.
  /// - Throws: ``CheckpointError`` where a part is missing, or parts and index contradict each other.
  init(
    _ file: InputFile, open: (String) throws(CheckpointError) -> InputFile
  ) throws(CheckpointError) {
    let index = try ShardIndex(of: file)
    var parts: [InputFile] = []
    var trees: [(tree: HDF5Tree, start: Int)] = []
    var start = 0
    for name in index.files {
      let part = try open(name)
      let tree = try HDF5Tree.survey(part)
      try Self.check(tree, of: part, named: name, against: index, file)
      parts.append(part)
      trees.append((tree, start))
      start += part.size
    }
    guard let first = parts.first else {
      throw .unusable(file.name, "lists no tensors", remedy: "name the model's own file")
    }
    self.file = first.joined(with: Array(parts.dropFirst())).named(file.name)
    survey = try KerasSurvey(try HDF5Tree.joined(trees, file: file.name), file: file.name)
    let total = survey.tensors.reduce(0) { $0 + $1.byteCount }
    inconsistencies =
      index.totalSize.map { $0 == total } == false
      ? ["the index tells a total size that isn't the tensors' \(total) bytes"] : []
  }

  /// Every entry of a part is in it, and nothing of the part is missing from the index.
  private static func check(
    _ tree: HDF5Tree, of part: InputFile, named name: String, against index: ShardIndex,
    _ file: InputFile
  ) throws(CheckpointError) {
    var missing: [TensorName: TensorName] = [:]
    for entry in index.entries where entry.files.contains(name) {
      for key in keys(of: entry.name) where missing[key] == nil { missing[key] = entry.name }
    }
    let known = missing
    for dataset in tree.datasets where dataset.shape != nil {
      let path = dataset.path
      guard let key = [path, path.parent].first(where: { known[$0] != nil }) else {
        throw .unusable(
          part.name, tensor: path, "\(file.name) doesn't say that it is here",
          remedy: "the parts and the index don't belong together; fetch them again")
      }
      if let entry = known[key] {
        for key in keys(of: entry) { missing[key] = nil }
      }
    }
    if let entry = missing.values.min() {
      throw .unusable(
        file.name, tensor: entry, "isn't in \(name), where the index says it is",
        remedy: "the parts and the index don't belong together; fetch them again")
    }
  }

  /// The paths that an entry may stand for: Keras writes `/layers/dense/vars`; Transformers puts the
  /// model's name, which the paths lack, in front.
  private static func keys(of entry: TensorName) -> [TensorName] {
    let parts = entry.components
    return (0..<min(2, parts.count)).map { TensorName(components: parts.dropFirst($0)) }
  }
}

extension TensorName {
  /// The path of the group around a path; empty for the root.
  fileprivate var parent: TensorName {
    TensorName(bytes: Array(bytes.prefix(bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0)))
  }
}
