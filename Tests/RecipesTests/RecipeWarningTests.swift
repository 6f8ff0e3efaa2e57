import Checkpoints
import Testing

@testable import Recipes

/// What isn't wrong, but surely not what was meant.
struct RecipeWarningTests {
  private let filter =
    "merge_method: passthrough\nmodels:\n  - model: a\n    parameters: {scale: {filter: self_atn, value: 2}}\n"

  @Test func aFilterThatMatchesNothingIsNoted() throws {
    #expect(
      try resolve(filter).warnings == [
        "r.yaml:4: models[0].parameters.scale.filter: matches no tensor: 'self_atn';"
          + " did you mean 'self_attn'?"
      ])
    #expect(fault(filter + "strict: true\n").contains("is strict, and there is a warning"))
  }

  @Test func aRuleThatMatchesNothingIsNoted() throws {
    let text = "merge_method: passthrough\nmodels: [a]\nrules: [{match: norm, action: copy}]\n"
    let warnings = try resolve(text).warnings
    #expect(warnings.count == 1)
    #expect(
      warnings.first?.contains("rules[0]: matches no tensor: 'norm'; patterns cover whole names")
        == true)
  }

  @Test func aListWithoutLayersIsNoted() throws {
    let text = "merge_method: slerp\nmodels: [a, b]\nparameters: {t: [0, 1]}\n"
    #expect(try resolve(text, names: ["x", "y"]).warnings.first?.contains("show none") == true)
    #expect(try resolve(text).warnings.isEmpty)
  }

  @Test func settingsWithoutEffectAreNoted() throws {
    let recipe = try recipe(
      """
      merge_method: task_arithmetic
      base_model: {model: b, override_architecture: X}
      models:
        - model: {recipe: {merge_method: linear, dtype: float16, models: [a], parameters: {weight: 1}}}
          parameters: {weight: 1, density: 0.5}
      parameters: {int8_mask: true}
      """)
    let paths = [
      "models[0].parameters.density", "parameters.int8_mask", "dtype", "override_architecture",
    ]
    for path in paths {
      #expect(recipe.warnings.contains { $0.contains("\(path): has no effect") }, "\(path)")
    }
    #expect(recipe.warnings.count == paths.count)
  }

  @Test func optionsAreRead() throws {
    let recipe = try recipe(
      """
      merge_method: linear
      sources: {x: folder/a, y: folder/b}
      models: [x, y]
      dtype: torch.float32
      out_dtype: bfloat16
      tokenizer_source: y
      compat: mergekit
      parameters: {weight: 1}
      """)
    #expect(recipe.options.computation == .float32)
    #expect(recipe.options.elementType == .bfloat16)
    #expect(recipe.options.tokenizer == .model("folder/b"))
    #expect(recipe.options.compatibility == .mergekit)
    #expect(recipe.files == ["folder/a", "folder/b"])
    #expect(recipe.template == "folder/a")
  }
}
