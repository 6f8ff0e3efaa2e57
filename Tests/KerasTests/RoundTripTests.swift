import Checkpoints
import FormatRegistry
import HDF5
import Merging
import TestSupport
import Testing

/// The mean of a real file and itself is that file again, in whatever layout it is written.
struct RoundTripTests {
  struct Way: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let type: ElementType?
    let storage: OutputRequest.Storage
    let optimizer: MergeRecipe.OptimizerPolicy
  }

  static let ways = [
    Way(testDescription: "in place", type: nil, storage: .contiguous, optimizer: .first),
    Way(testDescription: "kept chunks", type: nil, storage: .keep, optimizer: .first),
    Way(testDescription: "no optimizer", type: nil, storage: .contiguous, optimizer: .drop),
    Way(testDescription: "float64", type: .float64, storage: .contiguous, optimizer: .first),
    Way(testDescription: "float64 chunks", type: .float64, storage: .keep, optimizer: .first),
    Way(testDescription: "gzip", type: nil, storage: .gzip(level: 6), optimizer: .first),
    Way(
      testDescription: "gzip bfloat16", type: .bfloat16, storage: .gzip(level: 1), optimizer: .drop),
  ]

  @Test(arguments: Vectors.hdf5Files, ways)
  func theMeanOfAFileAndItselfIsTheFile(name: String, way: Way) throws {
    let source = try Vectors.open(name)
    var recipe = MergeRecipe(
      .soup(weights: nil, normalize: true), sources: [source.file.name, source.file.name])
    recipe.elementType = way.type
    recipe.storage = way.storage
    recipe.optimizer = way.optimizer
    recipe.nonFinite = .allow
    guard source.tensors.contains(where: \.isMergeable) else { return }
    let folder = try TemporaryFolder()
    let plan: MergePlan
    do throws(CheckpointError) {
      plan = try MergePlan(recipe, inputs: [source, source], version: "1")
      var options = MergeExecutor.Options(threads: 2)
      options.isDurable = false
      _ = try MergeExecutor(plan, options: options).run(to: .file(folder.file("out.h5")))
    } catch {
      // What libhdf5 can't copy into a new layout is named, and no output is left.
      #expect(error.kind == .unusable && error.fact.contains("references"), "\(error)")
      #expect(folder.names == [])
      return
    }
    let result = try CheckpointFormats.open(folder.file("out.h5"))
    #expect(result.format == source.format)
    #expect(result.inconsistencies == [])
    let kept = source.tensors.filter { way.optimizer == .first || $0.role != .optimizer }
    #expect(result.tensors.map(\.name) == kept.map(\.name))
    #expect(result.tensors.map(\.aliases) == kept.map(\.aliases))
    #expect(result.tensors.map(\.role) == kept.map(\.role))
    #expect(result.tensors.map(\.layer) == kept.map(\.layer))
    for (before, after) in zip(kept, result.tensors)
    where before.isMergeable && before.elementCount > 0 {
      #expect(after.elementType == way.type ?? before.elementType, "\(before.name)")
    }
    let difference = try CheckpointDifference(
      source, result, tolerance: 0,
      selects: { name in kept.contains { $0.name == name } }, threads: 2)
    // Narrower types hold other values.
    guard way.type != .bfloat16 else { return }
    #expect(!difference.isDifferent, "\(difference.different.map(\.name))")
  }
}
