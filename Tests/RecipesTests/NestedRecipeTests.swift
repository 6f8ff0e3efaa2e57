import Checkpoints
import Testing

@testable import Recipes

/// Merges whose sources are merges.
struct NestedRecipeTests {
  private let shown = ["(a:lm_head.weight b:lm_head.weight)", "c:lm_head.weight"]

  @Test func aRecipeStandsInAModelsPlace() throws {
    let resolution = try resolve(
      """
      merge_method: linear
      models:
        - model: {recipe: {merge_method: slerp, models: [a, b], parameters: {t: 0.5}}}
          parameters: {weight: 2}
        - model: c
          parameters: {weight: 1}
      """)
    let tensor = try resolution.tensor("lm_head.weight")
    #expect(tensor.shown == shown)
    guard case .nested(let inner) = try #require(tensor.operands.first) else {
      Issue.record("the first operand isn't nested")
      return
    }
    #expect(inner.method == "slerp")
    #expect(inner.number("t") == 0.5)
  }

  @Test func recipesAreUsedByName() throws {
    let resolution = try resolve(
      """
      sources: {first: a, second: b, third: c}
      recipes:
        pair: {merge_method: slerp, models: [first, second], parameters: {t: 0.5}}
      merge_method: linear
      models: [{model: pair}, third]
      parameters: {weight: 1}
      """)
    #expect(try resolution.tensor("lm_head.weight").shown == shown)
    #expect(resolution.warnings.isEmpty)
  }

  @Test func documentsAreUsedByNameInAnyOrder() throws {
    let text = """
      merge_method: linear
      models: [pair, c]
      parameters: {weight: 1}
      ---
      name: pair
      merge_method: slerp
      base_model: a
      models: [a, b]
      parameters: {t: 0.5}
      """
    #expect(try resolve(text).tensor("lm_head.weight").shown == shown)
    let recipe = try recipe(text)
    #expect(recipe.files == ["a", "b", "c"])
    #expect(recipe.template == "a")
  }

  @Test func theDocumentThatNobodyUsesIsTheOutput() throws {
    let text = """
      name: pair
      merge_method: slerp
      models: [a, b]
      parameters: {t: 0.5}
      ---
      name: whole
      merge_method: linear
      models: [pair, c]
      parameters: {weight: 1}
      """
    #expect(try resolve(text).tensor("lm_head.weight").shown == shown)
    let loose = text.replacing("models: [pair, c]", with: "models: [d, c]")
    #expect(fault(loose).contains("second document"))
  }

  @Test func slicesTakeLayersOfARecipe() throws {
    let resolution = try resolve(
      """
      recipes:
        tall:
          merge_method: passthrough
          slices:
            - sources: [{model: a, layer_range: [0, 5]}]
            - sources: [{model: b, layer_range: [0, 5]}]
      merge_method: passthrough
      slices:
        - sources: [{model: tall, layer_range: [4, 7]}]
      """)
    let tensors = try #require(resolution.outputs.first).tensors
    #expect(tensors.count == 3 * 2 + 3)
    #expect(
      try resolution.tensor("model.layers.1.mlp.up_proj.weight").shown
        == ["(b:model.layers.0.mlp.up_proj.weight)"])
  }

  @Test(arguments: [
    "recipes: {x: {merge_method: linear, models: [y]}, y: {merge_method: linear, models: [x]}}",
    "recipes: {x: {merge_method: linear, models: [x]}}",
    "recipes: {x: {merge_method: linear, models: [{model: {recipe: {merge_method: linear, models: [x]}}}]}}",
  ])
  func aCircleIsRefused(recipes: String) {
    #expect(fault("\(recipes)\nmerge_method: linear\nmodels: [x]\n").contains("made of itself"))
  }

  @Test func aLongChainIsRefused() {
    for count in [70, 3000] {
      let links = (1...count).map { "  m\($0): {merge_method: passthrough, models: [m\($0 - 1)]}" }
      let text = "sources: {m0: a}\nrecipes:\n\(links.joined(separator: "\n"))\n"
      #expect(
        fault(text + "merge_method: passthrough\nmodels: [m\(count)]\n").contains("more than 64"))
      let documents = (1...count).map {
        "---\nname: m\($0)\nmerge_method: passthrough\nmodels: [m\($0 - 1)]\n"
      }
      #expect(fault(documents.joined()).contains("more than 64"))
    }
  }

  @Test func sharedRecipesAreResolvedOnce() throws {
    // Each level uses the one below twice: written out that is two to the thirtieth.
    let links = (1...30).map {
      "  m\($0): {merge_method: linear, models: [m\($0 - 1), {model: {recipe: {merge_method: passthrough, models: [m\($0 - 1)]}}}], parameters: {weight: 1}}"
    }
    let text = "sources: {m0: a}\nrecipes:\n\(links.joined(separator: "\n"))\n"
    let resolution = try resolve(text + "merge_method: passthrough\nmodels: [m30]\n", names: ["w"])
    #expect(resolution.outputs[0].tensors.count == 1)
  }

  @Test func aNameIsGivenOnce() {
    let text = "sources: {x: a}\nrecipes: {x: {merge_method: linear, models: [b]}}\n"
    #expect(fault(text + "merge_method: linear\nmodels: [x]\n").contains("a second time"))
  }

  @Test func namesThatNobodyUsesAreNoted() throws {
    let text = "sources: {x: a, y: b}\nmerge_method: passthrough\nmodels: [x]\n"
    #expect(
      try recipe(text).warnings == [
        "r.yaml: the name 'y' is never used; use it as a model or leave it out"
      ])
    #expect(fault(text + "strict: true\n").contains("'y' is never used"))
  }
}
