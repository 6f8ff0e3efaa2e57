import Architectures
import Checkpoints
import FormatRegistry
import HDF5
import Merging
import TestSupport
import Testing

/// `.keras` archives made of Keras's other files.
struct ArchiveConversionTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func archive(
    of source: Checkpoint, architecture: String? = nil
  ) throws -> Checkpoint {
    let path = folder.file("out.keras")
    let layouter = try OutputFormats.layouter(
      for: path, family: nil, template: source,
      architecture: architecture.map { ("architecture.json", $0) })
    let conversion = try Conversion(
      source, layouter: layouter, elementType: nil, dropsOptimizer: false, storage: .contiguous)
    _ = try conversion.run(to: .file(path), replacing: true, threads: 2, durably: false)
    let result = try CheckpointFormats.open(path)
    #expect(try Verification(result, threads: 1).problems.map(\.fact) == [])
    return result
  }

  /// Every weight of the source is in the archive, under the name that matching finds.
  private func expectTheWeights(of source: Checkpoint, in archive: Checkpoint) throws {
    let matched = try KerasMatching(source, to: archive, architecture: nil).renamed()
    for tensor in matched.tensors where tensor.role != .optimizer {
      let found = try FlatFile.bytes(of: tensor.name.text, in: archive)
      #expect(try FlatFile.bytes(of: tensor.name.text, in: matched) == found, "\(tensor.name)")
    }
  }

  @Test(arguments: ["keras3-full-adam.h5", "keras3-full-sgd.h5", "keras3-float16.h5"])
  func aLegacyModelBecomesAnArchive(name: String) throws {
    let source = try Vectors.open("Keras/Vectors/\(name)")
    let archive = try archive(of: source)
    #expect(archive.format == "keras-archive")
    let weights = source.tensors.filter { $0.role != .optimizer }
    #expect(archive.tensors.count == weights.count)
    #expect(Set(archive.tensors.compactMap(\.layer)) == Set(layers(of: source)))
    #expect(archive.attribute("model_config")?.contains(#""module":"keras.layers""#) == true)
    try expectTheWeights(of: source, in: archive)
  }

  /// The innermost layers of a legacy file.
  private func layers(of source: Checkpoint) -> [String] {
    source.tensors.filter { $0.role != .optimizer }.compactMap {
      $0.name.components.dropLast().last?.text
    }
  }

  @Test func weightsAndAConfigurationBecomeAnArchive() throws {
    let weights = try Vectors.open("Keras/Vectors/keras3-sgd.weights.h5")
    let configuration = try #require(
      Vectors.open("Keras/Vectors/keras3-sgd.keras").attribute("model_config"))
    let archive = try archive(of: weights, architecture: configuration)
    let difference = try CheckpointDifference(
      weights, archive, tolerance: 0, selects: { _ in true }, threads: 1)
    #expect(difference.isEqual)
    #expect(archive.attribute("metadata")?.contains("keras_version") == true)
  }

  @Test func aMergeOfALegacyModelCanBeAnArchive() throws {
    let source = try Vectors.open("Keras/Vectors/keras3-full-adam.h5")
    var recipe = MergeRecipe(.soup(weights: nil, normalize: true), sources: ["a", "b"])
    recipe.layouter = try OutputFormats.layouter(
      for: "out.keras", family: nil, template: source)
    let plan = try MergePlan(recipe, inputs: [source, source], version: "1")
    let path = folder.file("out.keras")
    _ = try MergeExecutor(plan, options: .init(threads: 2)).run(to: .file(path))
    let merged = try CheckpointFormats.open(path)
    #expect(merged.attribute("ctl_merge")?.contains("soup") == true)
    try expectTheWeights(of: source, in: merged)
    #expect(folder.names == ["out.keras"])
  }

  @Test func withoutAConfigurationThereIsNoArchive() throws {
    for (name, words) in [
      ("Keras/Vectors/keras3-sgd.weights.h5", "without the network's configuration"),
      ("Keras/Vectors/keras3-weights.h5", "without the network's configuration"),
      ("HDF5/Vectors/state-dict.h5", "can't be made of"),
    ] {
      let source = try Vectors.open(name)
      let error = #expect(throws: CheckpointError.self) { try archive(of: source) }
      #expect(error?.fact.contains(words) == true)
      #expect(error?.kind == .usage)
    }
  }

  @Test(arguments: [
    ("{", "ends early"), ("[]", "isn't"),
    (#"{"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense"}]}}"#, ""),
  ])
  func aDamagedConfigurationIsRefused(text: String, words: String) throws {
    let weights = try Vectors.open("Keras/Vectors/keras3-weights.h5")
    let error = #expect(throws: CheckpointError.self) {
      try archive(of: weights, architecture: text)
    }
    #expect(error?.file == "architecture.json" || error?.fact.contains(words) == true)
    #expect(folder.names == [])
  }

  @Test func anOperationWithoutItsModuleIsRefused() throws {
    let weights = try Vectors.open("Keras/Vectors/keras3-weights.h5")
    let operation =
      #"{"class_name": "GetItem", "name": "get_item", "config": {"name": "get_item"}, "#
      + #""inbound_nodes": [{"args": [], "kwargs": {}}]}"#
    let error = #expect(throws: CheckpointError.self) {
      try archive(
        of: weights,
        architecture: #"{"class_name": "Functional", "config": {"layers": [\#(operation)]}}"#)
    }
    #expect(error?.subject == "layer get_item")
  }
}
