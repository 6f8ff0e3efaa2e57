import Checkpoints
import Testing

@testable import Recipes

/// A recipe from its text.
func recipe(_ text: String) throws(CheckpointError) -> Recipe {
  try Recipe(parsing: Array(text.utf8), file: "r.yaml")
}

/// Names as a decoder of `layers` layers has them.
func decoder(layers: Int) -> [String] {
  var names = ["lm_head.weight", "model.embed_tokens.weight"]
  for layer in 0..<layers {
    names += ["mlp.up_proj.weight", "self_attn.q_proj.weight"].map { "model.layers.\(layer).\($0)" }
  }
  return names + ["model.norm.weight"]
}

/// An inventory of names without hints.
func inventory(_ names: [String]) -> ModelInventory {
  ModelInventory(tensors: names.map { (TensorName($0), nil) })
}

/// A recipe applied to models that all have the same names.
func resolve(
  _ text: String, names: [String] = decoder(layers: 5), compatibility: Compatibility = .paper
) throws(CheckpointError) -> RecipeResolution {
  let recipe = try recipe(text)
  var inventories: [String: ModelInventory] = [:]
  for file in recipe.files { inventories[file] = inventory(names) }
  return try recipe.resolved(with: inventories, compatibility: compatibility)
}

/// What goes wrong with a recipe, in words; empty where nothing does.
func fault(_ text: String, names: [String] = decoder(layers: 5)) -> String {
  do throws(CheckpointError) {
    _ = try resolve(text, names: names)
    return ""
  } catch {
    return error.description
  }
}

extension RecipeResolution {
  /// A tensor of the first output.
  func tensor(_ name: String) throws -> ResolvedTensor {
    let tensors = try #require(outputs.first).tensors
    return try #require(tensors.first { $0.name == TensorName(name) })
  }
}

extension ResolvedTensor {
  /// The files and names of stored operands: `A:x`; nested ones in brackets.
  var shown: [String] {
    operands.map { operand in
      switch operand {
      case .stored(let file, let name): "\(file):\(name)"
      case .nested(let tensor): "(\(tensor.shown.joined(separator: " ")))"
      }
    }
  }

  /// A parameter of the merge as a number.
  func number(_ name: String) -> Double? { parameters[name]?.number }

  /// A parameter of each operand as a number.
  func numbers(_ name: String) -> [Double?] { perSource.map { $0[name]?.number } }
}
