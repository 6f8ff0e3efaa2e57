import Checkpoints
import Testing

@testable import Recipes

/// Which of several settings counts.
struct PrecedenceTests {
  @Test func aSourceCountsBeforeTheWholeAndTheWholeBeforeTheDefault() throws {
    let resolution = try resolve(
      """
      merge_method: ties
      base_model: b
      models:
        - model: x
          parameters: {weight: 0.5, density: 0.25}
        - model: y
          parameters: {weight: 2}
      parameters: {density: 0.75, lambda: 3}
      """)
    let tensor = try resolution.tensor("model.norm.weight")
    #expect(tensor.shown == ["b", "x", "y"].map { "\($0):model.norm.weight" })
    #expect(tensor.settings.hasBase)
    #expect(tensor.method == "ties")
    #expect(tensor.perSource.first?.isEmpty == true)
    #expect(tensor.numbers("weight") == [nil, 0.5, 2])
    #expect(tensor.numbers("density") == [nil, 0.25, 0.75])
    #expect(tensor.number("lambda") == 3)
    #expect(tensor.parameters["normalize"] == .truth(true))
    #expect(resolution.warnings.isEmpty)
  }

  @Test func aModuleStandsBetweenSliceAndWhole() throws {
    let resolution = try resolve(
      """
      merge_method: slerp
      base_model: a
      modules:
        default:
          parameters: {t: 0.2}
          slices:
            - sources: [{model: a, layer_range: [0, 2]}, {model: b, layer_range: [0, 2]}]
            - sources: [{model: a, layer_range: [2, 5]}, {model: b, layer_range: [2, 5]}]
              parameters: {t: 0.3}
      parameters: {t: 0.1}
      """)
    #expect(try resolution.tensor("model.layers.1.mlp.up_proj.weight").number("t") == 0.2)
    #expect(try resolution.tensor("model.layers.2.mlp.up_proj.weight").number("t") == 0.3)
    #expect(try resolution.tensor("model.embed_tokens.weight").number("t") == 0.2)
    #expect(try resolution.tensor("model.norm.weight").number("t") == 0.3)
  }

  @Test func filtersFallThroughToTheNextScope() throws {
    let resolution = try resolve(
      """
      merge_method: slerp
      base_model: a
      slices:
        - sources: [{model: a, layer_range: [0, 5]}, {model: b, layer_range: [0, 5]}]
          parameters:
            t: [{filter: self_attn, value: [0, 1]}, {filter: layers.3.mlp, value: 0.9}]
      parameters:
        t: [{filter: mlp, value: [1, 0]}, {value: 0.5}]
      """)
    #expect(try resolution.tensor("model.layers.1.self_attn.q_proj.weight").number("t") == 0.25)
    #expect(try resolution.tensor("model.layers.1.mlp.up_proj.weight").number("t") == 0.75)
    #expect(try resolution.tensor("model.layers.3.mlp.up_proj.weight").number("t") == 0.9)
    #expect(try resolution.tensor("lm_head.weight").number("t") == 0.5)
  }

  @Test func aStarIsForAllAndTheFirstFilterThatFitsCounts() throws {
    let resolution = try resolve(
      """
      merge_method: passthrough
      models:
        - model: a
          parameters:
            scale: [{filter: up_proj, value: 0}, {filter: mlp, value: 1}, {filter: "*", value: 2}]
      """)
    #expect(try resolution.tensor("model.layers.0.mlp.up_proj.weight").numbers("scale") == [0])
    #expect(try resolution.tensor("model.norm.weight").numbers("scale") == [2])
    #expect(resolution.warnings.isEmpty)
  }

  @Test func oneConditionNeedsNoList() throws {
    let resolution = try resolve(
      """
      merge_method: passthrough
      models: [{model: a, parameters: {scale: {filter: norm, value: 4}}}]
      """)
    #expect(try resolution.tensor("model.norm.weight").numbers("scale") == [4])
    #expect(try resolution.tensor("lm_head.weight").numbers("scale") == [nil])
  }

  @Test func gradientsStartAtZeroForWhatBelongsToNoLayer() throws {
    let resolution = try resolve(
      "merge_method: slerp\nbase_model: a\nmodels: [a, b]\nparameters: {t: [0.5, 1, 0]}\n")
    let values = try (0..<5).map {
      try resolution.tensor("model.layers.\($0).mlp.up_proj.weight").number("t")
    }
    #expect(values == [0.5, 0.75, 1, 0.5, 0])
    #expect(try resolution.tensor("lm_head.weight").number("t") == 0.5)
  }

  @Test func aRuleCountsBeforeASourceAndAnOutputBeforeARule() throws {
    let resolution = try resolve(
      """
      merge_method: linear
      models:
        - {model: a, parameters: {weight: 1}}
        - {model: b, parameters: {weight: 3}}
      rules:
        - {match: "*norm*", parameters: {weight: 5}}
        - {match: 're:.*\\.0\\.mlp.*', method: slerp, parameters: {t: 0.25}}
        - {match: "*norm.weight", action: copy}
        - {match: lm_head.weight, action: copy}
      outputs:
        - {name: one}
        - {name: two, parameters: {weight: 7, t: 0.75}}
      """)
    #expect(resolution.outputs.map(\.name) == ["one", "two"])
    let second = RecipeResolution(outputs: [resolution.outputs[1]], warnings: [])
    #expect(try resolution.tensor("model.norm.weight").numbers("weight") == [5, 5])
    #expect(try second.tensor("model.norm.weight").numbers("weight") == [7, 7])
    #expect(try resolution.tensor("model.embed_tokens.weight").numbers("weight") == [1, 3])
    let ruled = "model.layers.0.mlp.up_proj.weight"
    #expect(try resolution.tensor(ruled).method == "slerp")
    #expect(try resolution.tensor(ruled).number("t") == 0.25)
    #expect(try second.tensor(ruled).number("t") == 0.75)
    let copied = try resolution.tensor("lm_head.weight")
    #expect(copied.method == nil)
    #expect(copied.shown == ["a:lm_head.weight"])
  }

  @Test func defaultsFollowThePaperOrMergekit() throws {
    let text =
      "merge_method: dare_ties\nbase_model: b\nmodels: [{model: a, parameters: {weight: 1}}]\n"
    func rescale(_ text: String, _ compatibility: Compatibility) throws -> ParameterValue? {
      try resolve(text, compatibility: compatibility).tensor("lm_head.weight").parameters["rescale"]
    }
    #expect(try rescale(text, .paper) == .text("inverse"))
    #expect(try rescale(text, .mergekit) == .text("l1"))
    #expect(try rescale(text + "compat: mergekit\n", .paper) == .text("l1"))
    #expect(try rescale(text + "parameters: {rescale: false}\n", .mergekit) == .text("none"))
  }

  @Test func mergekitsAndOurNamesMeanTheSame() throws {
    for (method, parameter) in [("dare_linear", "int8_mask"), ("dare-linear", "int8-mask")] {
      let resolution = try resolve(
        """
        merge_method: \(method)
        base_model: b
        models: [{model: a, parameters: {weight: 1}}]
        parameters: {\(parameter): true}
        """)
      #expect(try resolution.tensor("lm_head.weight").method == "dare-linear")
    }
  }

  @Test func equalSettingsAreOneValue() throws {
    let names = decoder(layers: 2000)
    let resolution = try resolve(
      """
      merge_method: ties
      base_model: b
      models:
        - {model: x, parameters: {weight: [{filter: mlp, value: 0.5}, {value: 1}]}}
        - {model: y, parameters: {weight: 1}}
      """, names: names)
    let tensors = try #require(resolution.outputs.first).tensors
    #expect(tensors.count == names.count)
    #expect(Set(tensors.map { ObjectIdentifier($0.settings) }).count == 2)
  }
}
