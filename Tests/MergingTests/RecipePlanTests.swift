import Checkpoints
import TestSupport
import Testing

@testable import Merging
@testable import Recipes

/// What a recipe's plan does to values.
struct RecipePlanTests {
  private let workshop: Workshop

  init() throws {
    workshop = try Workshop()
  }

  /// Carries out a recipe over flat files.
  private func run(_ text: String, _ files: [String: Checkpoint]) throws -> Merged {
    let recipe = try Recipe(parsing: Array(text.utf8), file: "recipe.yaml")
    let inventories = files.mapValues { file in
      ModelInventory(tensors: file.tensors.map { ($0.name, nil) })
    }
    let resolution = try recipe.resolved(with: inventories)
    let context = RecipeContext(
      checkpoints: files, template: recipe.template,
      output: MergeRecipe(nil, sources: recipe.files), compatibility: .paper, provenance: nil
    ) { () throws(CheckpointError) in
      throw CheckpointError(.usage, fact: "no other layout is expected")
    }
    let plan = try MergePlan(resolution.outputs[0], in: context, warnings: resolution.warnings)
    var options = MergeExecutor.Options(threads: 2)
    options.isDurable = false
    let path = workshop.folder.file("out.flat")
    let summary = try MergeExecutor(plan, options: options).run(to: .file(path))
    let layout = try #require(plan.layout as? FlatLayout)
    return Merged(
      plan: plan, summary: summary, checkpoint: layout.checkpoint(try InputFile.open(path)))
  }

  private func file(_ name: String, _ tensors: [String: [Double]]) throws -> Checkpoint {
    try workshop.checkpoint(
      name, tensors.sorted { $0.key < $1.key }.map { FlatTensor($0.key, $0.value, type: .float64) })
  }

  @Test func mergesWithinMergesAreNeverRounded() throws {
    let files = [
      "a": try file("a", ["w": [1, 2]]), "b": try file("b", ["w": [2, 4]]),
      "c": try file("c", ["w": [10, 20]]),
    ]
    let merged = try run(
      """
      recipes:
        both: {merge_method: linear, models: [a, b], parameters: {weight: 1}}
      merge_method: task_arithmetic
      base_model: c
      models: [both]
      parameters: {weight: 0.5}
      """, files)
    #expect(try merged.values("w") == [10 + 0.5 * (1.5 - 10), 20 + 0.5 * (3 - 20)])
  }

  @Test func globalTrimmingLooksIntoMergesWithinMerges() throws {
    let zeros = [0.0, 0, 0, 0]
    let files = [
      "p": try file("p", ["a": zeros, "b": zeros]),
      "x": try file("x", ["a": [1, 2, 3, 4], "b": [5, 6, 7, 8]]),
    ]
    let merged = try run(
      """
      recipes:
        same: {merge_method: linear, models: [x], parameters: {weight: 1}}
      merge_method: ties
      base_model: p
      models: [same]
      parameters: {weight: 1, density: 0.5}
      """, files)
    #expect(try merged.values("a") == zeros)
    #expect(try merged.values("b") == [5, 6, 7, 8])
  }

  @Test func sourcesAreWeighedByTheirStatistics() throws {
    let files = [
      "a": try file("a", ["w": [1, 2], "v": [1, 1]]),
      "b": try file("b", ["w": [3, 6], "v": [3, 5]]),
      "fa": try file("fa", ["w": [1, 3]]), "fb": try file("fb", ["w": [3, 1]]),
    ]
    let merged = try run(
      """
      merge_method: fisher
      models:
        - {model: a, parameters: {weight: 1, statistics: fa}}
        - {model: b, parameters: {weight: 1, statistics: fb}}
      """, files)
    #expect(try merged.values("w") == [2.5, 3])
    #expect(try merged.values("v") == [2, 3])
  }

  @Test func shapesThatDifferAreListed() throws {
    let files = ["a": try file("a", ["w": [1, 2]]), "b": try file("b", ["w": [3]])]
    #expect {
      try run("merge_method: linear\nmodels: [a, b]\nparameters: {weight: 1}\n", files)
    } throws: { error in
      (error as? CheckpointError)?.description.contains("has shape") == true
    }
  }
}
