import Checkpoints
import TestSupport
import Testing

@testable import Merging

/// A folder with flat files, and merges of them.
struct Workshop {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// Writes a checkpoint.
  func checkpoint(
    _ name: String, _ tensors: [FlatTensor], gaps: ClosedRange<Int> = 0...9,
    isShuffled: Bool = false, attributes: [Checkpoint.Attribute] = []
  ) throws -> Checkpoint {
    try FlatFile.make(
      tensors, at: folder.file(name), seed: UInt64(name.utf8.reduce(0) { $0 * 31 + Int($1) }),
      gaps: gaps, isShuffled: isShuffled, attributes: attributes)
  }

  /// Writes one checkpoint per list of values, each with the single tensor `w`.
  func checkpoints(
    _ values: [[Double]], type: ElementType = .float32
  ) throws -> [Checkpoint] {
    try values.enumerated().map { place, values in
      try checkpoint("\(place).flat", [FlatTensor("w", values, type: type)])
    }
  }

  /// Plans a merge.
  func plan(
    _ operation: MergeRecipe.Operation, base: Checkpoint? = nil, _ sources: [Checkpoint],
    statistics: [Checkpoint] = [], _ change: (inout MergeRecipe) -> Void = { _ in }
  ) throws -> MergePlan {
    var recipe = MergeRecipe(
      operation, base: base?.file.name, sources: sources.map(\.file.name))
    recipe.statistics = statistics.map(\.file.name)
    change(&recipe)
    return try MergePlan(
      recipe, inputs: [base].compactMap(\.self) + sources + statistics, version: "1.2.3")
  }

  /// Plans a merge and carries it out.
  func merge(
    _ operation: MergeRecipe.Operation, base: Checkpoint? = nil, _ sources: [Checkpoint],
    statistics: [Checkpoint] = [], pieceBytes: Int? = nil, threads: Int = 2,
    to name: String = "out.flat", _ change: (inout MergeRecipe) -> Void = { _ in }
  ) throws -> Merged {
    let plan = try plan(operation, base: base, sources, statistics: statistics, change)
    var options = MergeExecutor.Options(threads: threads)
    options.isDurable = false
    options.replacesExisting = true
    options.pieceBytes = pieceBytes
    let path = folder.file(name)
    let summary = try MergeExecutor(plan, options: options).run(to: .file(path))
    guard let layout = plan.layout as? FlatLayout else {
      throw FlatFile.Failure(reason: "the layout isn't flat")
    }
    return Merged(
      plan: plan, summary: summary, checkpoint: layout.checkpoint(try InputFile.open(path)))
  }
}

/// A value as a method is made of it: by the number of sources.
typealias MethodMaker = @Sendable (Int) throws(CheckpointError) -> any MergeMethod

/// A merge's result.
struct Merged {
  let plan: MergePlan
  let summary: MergeSummary
  let checkpoint: Checkpoint

  var bytes: [UInt8] {
    get throws { try FlatFile.bytes(of: checkpoint.file) }
  }

  func bytes(_ tensor: String) throws -> [UInt8] {
    try FlatFile.bytes(of: tensor, in: checkpoint)
  }

  func values(_ tensor: String) throws -> [Double] {
    try FlatFile.values(of: tensor, in: checkpoint)
  }
}

/// The types that merges write.
let floatTypes: [ElementType] = [.float64, .float32, .float16, .bfloat16]

extension MergeRecipe.Operation {
  /// The mean.
  static var mean: MergeRecipe.Operation { .soup(weights: nil, normalize: true) }
}

/// Patterns, all of them well-formed.
func globs(_ patterns: String...) -> [Glob] {
  let globs = patterns.compactMap { try? Glob($0) }
  #expect(globs.count == patterns.count)
  return globs
}
