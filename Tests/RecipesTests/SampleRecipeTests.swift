import Checkpoints
import Foundation
import Testing

@testable import Recipes

/// The shipped recipes are right, and say what their first lines promise.
struct SampleRecipeTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "../../samples/recipes")

  /// The tensors of some layers, as Keras's legacy layout names them.
  private static func layer(
    _ name: String, model: String, _ weights: [String], rank: Int
  ) -> [(name: TensorName, layerIndexHint: Int?)] {
    weights.map { (TensorName("\(name)/\(model)/\($0)"), rank) }
  }

  private static var mlp: ModelInventory {
    var tensors: [(name: TensorName, layerIndexHint: Int?)] = []
    for (rank, name) in ["hidden_1", "hidden_2", "digit"].enumerated() {
      tensors += layer(name, model: "digits_mlp/\(name)", ["kernel", "bias"], rank: rank)
    }
    return ModelInventory(tensors: tensors)
  }

  private static var cnn: ModelInventory {
    var tensors: [(name: TensorName, layerIndexHint: Int?)] = []
    for block in 1...3 {
      let norm = "norm_\(block)"
      tensors += layer("conv_\(block)", model: "conv_\(block)", ["kernel"], rank: 3 * block)
      tensors += layer(
        norm, model: norm, ["beta", "gamma", "moving_mean", "moving_variance"], rank: 3 * block + 1)
    }
    return ModelInventory(
      tensors: tensors + layer("logits", model: "logits", ["kernel", "bias"], rank: 20))
  }

  private func resolution(_ name: String) throws -> RecipeResolution {
    let data = try Data(contentsOf: Self.folder.appending(path: "\(name).yaml"))
    let recipe = try Recipe(parsing: Array(data), file: "\(name).yaml")
    #expect(recipe.warnings.isEmpty)
    var inventories: [String: ModelInventory] = [:]
    for file in recipe.files {
      #expect(
        FileManager.default.fileExists(atPath: Self.folder.appending(path: "../../\(file)").path))
      inventories[file] = file.contains("/cnn/") ? Self.cnn : Self.mlp
    }
    let resolution = try recipe.resolved(with: inventories)
    #expect(resolution.warnings.isEmpty, "\(resolution.warnings)")
    return resolution
  }

  @Test func everySampleIsKnownHere() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    let known = [
      "documents", "gradient", "nested", "rules", "slices", "soup", "sweep", "ties",
    ]
    #expect(files.filter { $0.hasSuffix(".yaml") }.sorted() == known.map { "\($0).yaml" })
  }

  @Test func soup() throws {
    #expect(
      try resolution("soup").tensor("digit/digits_mlp/digit/bias").numbers("weight") == [2, 1, 1])
  }

  @Test func ties() throws {
    let tensor = try resolution("ties").tensor("digit/digits_mlp/digit/bias")
    #expect(tensor.numbers("density") == [nil, 0.2, 0.2])
    #expect(tensor.parameters["trim"] == .text("tensor"))
  }

  @Test func gradient() throws {
    let resolution = try resolution("gradient")
    // conv_1, norm_1, ..., norm_3, logits: seven layers that own tensors.
    let kernels = try (1...3).map {
      try resolution.tensor("conv_\($0)/conv_\($0)/kernel").number("t")
    }
    let places = [0.0, 2.0 / 6, 4.0 / 6]
    for (kernel, place) in zip(kernels, places) {
      #expect(abs(try #require(kernel) - place / 2) < 1e-15)
    }
    let gammas = try (1...3).map {
      try resolution.tensor("norm_\($0)/norm_\($0)/gamma").number("t")
    }
    for (gamma, place) in zip(gammas, [1.0 / 6, 3.0 / 6, 5.0 / 6]) {
      #expect(abs(try #require(gamma) - place) < 1e-15)
    }
    #expect(try resolution.tensor("logits/logits/bias").number("t") == 1)
  }

  @Test func slices() throws {
    let resolution = try resolution("slices")
    #expect(
      try resolution.tensor("hidden_2/digits_mlp/hidden_2/bias").shown
        == ["samples/mlp/task-a-1.h5:hidden_2/digits_mlp/hidden_2/bias"])
    #expect(
      try resolution.tensor("digit/digits_mlp/digit/bias").shown
        == ["samples/mlp/task-a-2.h5:digit/digits_mlp/digit/bias"])
  }

  @Test func rules() throws {
    let resolution = try resolution("rules")
    #expect(try resolution.tensor("norm_2/norm_2/moving_variance").method == "linear")
    #expect(try resolution.tensor("norm_2/norm_2/gamma").method == "slerp")
    #expect(try resolution.tensor("logits/logits/kernel").method == nil)
  }

  @Test func nestedAndDocumentsSayTheSame() throws {
    for name in ["nested", "documents"] {
      let tensor = try resolution(name).tensor("digit/digits_mlp/digit/bias")
      #expect(tensor.method == "task-arithmetic")
      #expect(tensor.numbers("weight") == [nil, 0.7, 0.7])
      #expect(tensor.shown.count == 3)
      #expect(tensor.shown[1].split(separator: " ").count == 3)
    }
  }

  @Test func sweep() throws {
    let resolution = try resolution("sweep")
    #expect(resolution.outputs.map(\.name) == ["alpha-25.h5", "alpha-50.h5", "alpha-75.h5"])
    #expect(resolution.outputs.map { $0.tensors[0].number("alpha") } == [0.25, 0.5, 0.75])
  }
}
