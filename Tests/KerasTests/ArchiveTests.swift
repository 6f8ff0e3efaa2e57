import Checkpoints
import FormatRegistry
import Merging
import TestSupport
import Testing

/// `.keras` archives: the weights merge in place, and everything else survives.
struct ArchiveTests {
  private static let vector = "Keras/Vectors/keras3-sgd.keras"
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func merge(
    _ inputs: [Checkpoint], to name: String = "out.keras",
    _ change: (inout MergeRecipe) -> Void = { _ in }
  ) throws -> Checkpoint {
    var recipe = MergeRecipe(
      .soup(weights: nil, normalize: true), sources: inputs.map(\.file.name))
    change(&recipe)
    let plan = try MergePlan(recipe, inputs: inputs, version: "1")
    var options = MergeExecutor.Options(threads: 2)
    options.isDurable = false
    _ = try MergeExecutor(plan, options: options).run(to: .file(folder.file(name)))
    let result = try CheckpointFormats.open(folder.file(name))
    let verification = try Verification(result, threads: 1)
    #expect(verification.problems.map(\.fact) == [])
    return result
  }

  private func expectEqual(_ a: Checkpoint, _ b: Checkpoint) throws {
    let difference = try CheckpointDifference(
      a, b, tolerance: 0, selects: { _ in true }, threads: 1)
    #expect(difference.isEqual, "\(difference.different.map(\.name))")
  }

  @Test func theConfigurationIsAnAttributeAsInOtherFiles() throws {
    let source = try Vectors.open(Self.vector)
    #expect(source.format == "keras-archive")
    #expect(source.attribute("model_config")?.contains("\"class_name\"") == true)
    #expect(source.tensors.contains { $0.layer == "conv" })
  }

  @Test func aMergeInPlaceKeepsEveryOtherMember() throws {
    let source = try Vectors.open(Self.vector)
    let merged = try merge([source, source])
    try expectEqual(source, merged)
    #expect(merged.attribute("model_config") == source.attribute("model_config"))
    #expect(merged.attribute("metadata") == source.attribute("metadata"))
    #expect(merged.attribute("ctl_merge")?.contains("soup") == true)
    // Without a record of the merge the archive is the template, byte for byte.
    let bare = try merge([source, source], to: "bare.keras") { $0.recordsProvenance = false }
    let files = [try InputFile.open(source.file.name), try InputFile.open(bare.file.name)]
    #expect(try FlatFile.bytes(of: files[0]) == FlatFile.bytes(of: files[1]))
  }

  @Test func anotherTypeIsLaidOutAnew() throws {
    let source = try Vectors.open(Self.vector)
    let merged = try merge([source, source]) { $0.elementType = .float64 }
    try expectEqual(source, merged)
    #expect(merged.tensors.contains { $0.elementType == .float64 })
    #expect(folder.names == ["out.keras"])
  }

  @Test func theOptimizerCanBeLeftOut() throws {
    let source = try Vectors.open(Self.vector)
    let merged = try merge([source, source]) { $0.optimizer = .drop }
    #expect(
      merged.tensors.map(\.name) == source.tensors.filter { $0.role != .optimizer }.map(\.name))
  }

  @Test func deflatedWeightsAreReadAndStored() throws {
    let source = try Vectors.open(Self.vector)
    let weights = try FlatFile.bytes(of: source.file)
    let archive = ZipBuilder([
      ZipBuilder.Member("config.json", Array("{}".utf8)),
      ZipBuilder.Member(deflating: "model.weights.h5", weights),
    ])
    _ = try FlatFile.file(archive.bytes, at: folder.file("deflated.keras"))
    let deflated = try CheckpointFormats.open(folder.file("deflated.keras"))
    try expectEqual(source, deflated)
    try expectEqual(source, try merge([deflated, source]))
  }

  @Test func whatIsNoModelIsNamed() throws {
    let configuration = ZipBuilder.Member("config.json", Array("{}".utf8))
    let cases = [
      ("model.weights.npz", "pickled"), ("model.weights.h5", "isn't an HDF5 file"),
    ]
    for (name, words) in cases {
      let archive = ZipBuilder([configuration, ZipBuilder.Member(name, [1, 2, 3])])
      let file = try FlatFile.file(archive.bytes, at: folder.file("x.keras"))
      let error = #expect(throws: CheckpointError.self) { try CheckpointFormats.open(file) }
      #expect(error?.fact.contains(words) == true)
    }
  }

  @Test func aWrongChecksumIsFound() throws {
    var bytes = try FlatFile.bytes(of: InputFile.open(Vectors.path(Self.vector)))
    let text = Array("\"class_name\"".utf8)
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: text) })
    bytes[place + 2] ^= 1
    let file = try FlatFile.file(bytes, at: folder.file("x.keras"))
    let problems = try Verification(try CheckpointFormats.open(file), threads: 1).problems
    #expect(problems.map(\.fact).contains { $0.contains("config.json") && $0.contains("CRC-32") })
  }
}
