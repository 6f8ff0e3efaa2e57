import Checkpoints
import FormatRegistry
import HDF5
import Merging
import TestSupport
import Testing

/// Weights in several HDF5 files: read as one, and only from beside their index.
struct ShardTests {
  private static let folder = "Keras/Vectors/sharded"
  private static let transformers = "Keras/Vectors/transformers-sharded"
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func expectEqual(_ a: Checkpoint, _ b: Checkpoint) throws {
    let difference = try CheckpointDifference(
      a, b, tolerance: 0, selects: { _ in true }, threads: 1)
    #expect(difference.isEqual, "\(difference.onlyInFirst) \(difference.onlyInSecond)")
    #expect(difference.comparedCount == a.tensors.count)
  }

  /// Copies a vector's parts and writes an index of another content.
  private func copy(_ vector: String, index: String, _ change: (String) -> String) throws -> String
  {
    for name in TemporaryFolder.names(in: Vectors.path(vector)) where name.hasSuffix(".h5") {
      let bytes = try FlatFile.bytes(of: InputFile.open(Vectors.path("\(vector)/\(name)")))
      _ = try FlatFile.file(bytes, at: folder.file(name))
    }
    let text = try FlatFile.bytes(of: InputFile.open(Vectors.path("\(vector)/\(index)")))
    let changed = change(String(decoding: text, as: UTF8.self))
    _ = try FlatFile.file(Array(changed.utf8), at: folder.file(index))
    return folder.file(index)
  }

  @Test(arguments: ["sharded/model.weights.json", "sharded"])
  func thePartsAreTheWhole(name: String) throws {
    let parts = try Vectors.open("Keras/Vectors/\(name)")
    let whole = try Vectors.open("\(Self.folder)/whole.weights.h5")
    #expect(parts.format == "keras-weights-sharded")
    #expect(parts.inconsistencies == [])
    try expectEqual(parts, whole)
    // Roles depend on how many variables a layer has, wherever they lie.
    for tensor in whole.tensors {
      let place = try #require(parts.index(of: tensor.name))
      #expect(parts.tensors[place].role == tensor.role, "\(tensor.name)")
      #expect(parts.tensors[place].layer == tensor.layer, "\(tensor.name)")
    }
    #expect(try Verification(parts, threads: 2).problems.map(\.fact) == [])
  }

  @Test func aMergeOfPartsIsOneFileWithTheNamesOfLayers() throws {
    let parts = try Vectors.open("\(Self.folder)/model.weights.json")
    let recipe = MergeRecipe(.soup(weights: nil, normalize: true), sources: ["a", "b"])
    let plan = try MergePlan(recipe, inputs: [parts, parts], version: "1")
    let path = folder.file("out.weights.h5")
    _ = try MergeExecutor(plan, options: .init(threads: 2)).run(to: .file(path))
    let merged = try CheckpointFormats.open(path)
    #expect(merged.format == "keras-weights")
    try expectEqual(parts, merged)
    #expect(merged.tensors.compactMap(\.layer) == parts.tensors.compactMap(\.layer))
    #expect(merged.attribute("ctl_merge") != nil)
  }

  @Test func partsAndOneFileMerge() throws {
    let whole = try Vectors.open("\(Self.folder)/whole.weights.h5")
    let parts = try Vectors.open("\(Self.folder)/model.weights.json")
    let recipe = MergeRecipe(.interpolate(alpha: 0.25), sources: ["a", "b"])
    let plan = try MergePlan(recipe, inputs: [whole, parts], version: "1")
    let path = folder.file("out.weights.h5")
    _ = try MergeExecutor(plan, options: .init(threads: 2)).run(to: .file(path))
    try expectEqual(whole, try CheckpointFormats.open(path))
  }

  @Test(arguments: ["transformers-sharded/tf_model.h5.index.json", "transformers-sharded"])
  func partsOfTransformersHaveTheLayersOfTheirPaths(name: String) throws {
    let parts = try Vectors.open("Keras/Vectors/\(name)")
    let whole = try Vectors.open("Keras/Vectors/transformers.h5")
    #expect(parts.format == "keras-transformers-sharded")
    #expect(parts.inconsistencies == [])
    #expect(parts.attribute("layer_names") == nil)
    #expect(parts.tensors.count == whole.tensors.count)
    for tensor in parts.tensors {
      let original = try FlatFile.bytes(of: "bert/tf_bert_model/\(tensor.name)", in: whole)
      #expect(try FlatFile.bytes(of: tensor.name.text, in: parts) == original)
    }
    #expect(parts.tensors.contains { $0.layer == "bert/encoder/layer_._0/attention/self/query" })
    // The configuration beside them isn't Keras's.
    #expect(parts.attribute("model_config") == nil)
  }

  @Test func aMergeOfTransformersPartsIsAPlainFile() throws {
    let parts = try Vectors.open("\(Self.transformers)/tf_model.h5.index.json")
    let recipe = MergeRecipe(.soup(weights: nil, normalize: true), sources: ["a", "b"])
    let plan = try MergePlan(recipe, inputs: [parts, parts], version: "1")
    _ = try MergeExecutor(plan, options: .init(threads: 2)).run(to: .file(folder.file("o.h5")))
    let merged = try CheckpointFormats.open(folder.file("o.h5"))
    try expectEqual(parts, merged)
    #expect(merged.inconsistencies == [])
  }

  @Test(arguments: [
    ("model_00002.weights.h5", "../model_00002.weights.h5", "isn't a file beside it"),
    ("model_00002.weights.h5", "/etc/model.h5", "isn't a file beside it"),
    ("model_00002.weights.h5", "model_00009.weights.h5", "can't be opened"),
    ("\"/layers/conv2d/vars\"", "\"/layers/conv3d/vars\"", "doesn't say that it is here"),
    (
      "\"/layers/dense/vars\": [",
      "\"/layers/more/vars\": [\"model_00000.weights.h5\"],\n\"/layers/dense/vars\": [",
      "isn't in model_00000.weights.h5"
    ),
    ("[\n            \"model_00000.weights.h5\"\n        ]", "3", "is no checkpoint"),
    ("[\n            \"model_00000.weights.h5\"\n        ]", "[]", "something else than files"),
  ])
  func anIndexThatMisleadsIsRefused(old: String, new: String, words: String) throws {
    HDF5Worker.use(executable: BuiltProgram.path)
    let path = try copy(Self.folder, index: "model.weights.json") { text in
      #expect(text.contains(old))
      return text.replacing(old, with: new)
    }
    let error = #expect(throws: CheckpointError.self) { try CheckpointFormats.open(path) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func aTensorInTwoPartsIsRefused() throws {
    HDF5Worker.use(executable: BuiltProgram.path)
    let path = try copy(Self.folder, index: "model.weights.json") { text in
      text.replacing(
        "model_00001.weights.h5\",", with: "model_00001.weights.h5\", \"twice.weights.h5\",")
    }
    let bytes = try FlatFile.bytes(of: InputFile.open(folder.file("model_00001.weights.h5")))
    _ = try FlatFile.file(bytes, at: folder.file("twice.weights.h5"))
    let error = #expect(throws: CheckpointError.self) { try CheckpointFormats.open(path) }
    #expect(error?.fact == "is in two of the parts")
  }

  @Test func aWrongTotalIsInconsistent() throws {
    HDF5Worker.use(executable: BuiltProgram.path)
    let path = try copy(Self.folder, index: "model.weights.json") {
      $0.replacing("544.0", with: "545.0")
    }
    #expect(try CheckpointFormats.open(path).inconsistencies.count == 1)
  }

  @Test func anUnpackedArchiveHasItsConfiguration() throws {
    let archive = try Vectors.open("Keras/Vectors/keras3-sgd.keras")
    _ = try FlatFile.file(
      try FlatFile.bytes(of: archive.file), at: folder.file("model.weights.h5"))
    for (name, attribute) in [("config.json", "model_config"), ("metadata.json", "metadata")] {
      let text = try #require(archive.attribute(attribute))
      _ = try FlatFile.file(Array(text.utf8), at: folder.file(name))
    }
    let unpacked = try CheckpointFormats.open(folder.path)
    #expect(unpacked.format == "keras-weights")
    #expect(unpacked.attribute("model_config") == archive.attribute("model_config"))
    #expect(unpacked.attribute("metadata") == archive.attribute("metadata"))
    try expectEqual(archive, unpacked)
  }
}
