import Checkpoints
import FormatRegistry
import Merging
import TestSupport
import Testing

@testable import Safetensors

/// Models in several files: read as one, and only from beside their index.
struct IndexTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// A file with one vector a name, whose values are all the same.
  private func part(_ name: String, _ tensors: [(String, Double)]) throws {
    let entries = tensors.map {
      SafetensorsPlan.Entry(name: TensorName($0.0), type: "F32", shape: [3], length: 12)
    }
    let plan = try SafetensorsPlan(entries, metadata: [], file: name)
    let values = tensors.flatMap { ElementBytes.encode([$0.1, $0.1, $0.1], as: .float32) }
    _ = try FlatFile.file(plan.header + values, at: folder.file(name))
  }

  private func index(_ map: String, total: Int? = nil) throws -> InputFile {
    let metadata = total.map { "\"metadata\":{\"total_size\":\($0)}," } ?? ""
    return try FlatFile.file(
      Array("{\(metadata)\"weight_map\":{\(map)}}".utf8),
      at: folder.file("model.safetensors.index.json"))
  }

  private func makeParts() throws {
    try part("1.safetensors", [("a", 1), ("c", 3)])
    try part("2.safetensors", [("b", 2)])
  }

  private let good = #""a":"1.safetensors","b":"2.safetensors","c":"1.safetensors""#

  @Test func thePartsAreOneCheckpoint() throws {
    try makeParts()
    _ = try index(good, total: 36)
    // By the index, and by the folder.
    for path in [folder.file("model.safetensors.index.json"), folder.path] {
      let checkpoint = try CheckpointFormats.open(path)
      #expect(checkpoint.format == "safetensors-sharded")
      #expect(checkpoint.inconsistencies == [])
      for (name, value) in [("a", 1.0), ("b", 2), ("c", 3)] {
        let bytes = try FlatFile.bytes(of: name, in: checkpoint)
        #expect(bytes == ElementBytes.encode([value, value, value], as: .float32))
      }
    }
  }

  @Test func aMergeOfPartsIsOneFile() throws {
    try makeParts()
    let source = try CheckpointFormats.open(try index(good))
    let recipe = MergeRecipe(.soup(weights: nil, normalize: true), sources: ["a", "b"])
    let plan = try MergePlan(recipe, inputs: [source, source], version: "1")
    let path = folder.file("out.safetensors")
    _ = try MergeExecutor(plan, options: .init(threads: 2)).run(to: .file(path))
    let merged = try CheckpointFormats.open(path)
    #expect(merged.format == "safetensors")
    let difference = try CheckpointDifference(
      source, merged, tolerance: 0, selects: { _ in true }, threads: 1)
    #expect(difference.isEqual)
  }

  @Test func aWrongTotalIsInconsistent() throws {
    try makeParts()
    #expect(try CheckpointFormats.open(try index(good, total: 35)).inconsistencies.count == 1)
  }

  @Test(arguments: [
    #""a":"../1.safetensors""#, #""a":"/etc/x.safetensors""#, #""a":"x/1.safetensors""#,
  ])
  func partsElsewhereAreRefused(map: String) throws {
    let file = try index(map)
    let error = #expect(throws: CheckpointError.self) { try CheckpointFormats.open(file) }
    #expect(error?.fact.contains("isn't a file beside it") == true)
  }

  @Test(arguments: [
    (#""a":"1.safetensors","b":"2.safetensors""#, "elsewhere"),
    (#""a":"2.safetensors","b":"2.safetensors","c":"1.safetensors""#, "elsewhere"),
    (
      #""a":"1.safetensors","b":"2.safetensors","c":"1.safetensors","d":"2.safetensors""#,
      "isn't in"
    ),
    (#""a":"3.safetensors""#, "can't be opened"),
  ])
  func partsAndIndexMustAgree(map: String, words: String) throws {
    try makeParts()
    let file = try index(map)
    let error = #expect(throws: CheckpointError.self) { try CheckpointFormats.open(file) }
    #expect(error?.fact.contains(words) == true, "\(error?.fact ?? "")")
  }

  @Test func aFolderWithSeveralModelsAsksForOne() throws {
    try makeParts()
    let error = #expect(throws: CheckpointError.self) { try CheckpointFormats.open(folder.path) }
    #expect(error?.fact.contains("2 files of weights") == true)
    #expect(error?.remedy == "name one of them")
  }
}
