import Checkpoints
import Testing

@testable import Recipes

/// Outputs put together from layers.
struct SliceTests {
  @Test func layersOfTwoModelsAreStacked() throws {
    let resolution = try resolve(
      """
      slices:
        - sources: [{model: a, layer_range: [0, 3]}]
        - sources: [{model: b, layer_range: [1, 5]}]
      merge_method: passthrough
      """)
    let tensors = try #require(resolution.outputs.first).tensors
    #expect(tensors.count == 7 * 2 + 3)
    #expect(
      try resolution.tensor("model.layers.2.mlp.up_proj.weight").shown
        == ["a:model.layers.2.mlp.up_proj.weight"])
    #expect(
      try resolution.tensor("model.layers.3.mlp.up_proj.weight").shown
        == ["b:model.layers.1.mlp.up_proj.weight"])
    #expect(
      try resolution.tensor("model.layers.6.self_attn.q_proj.weight").shown
        == ["b:model.layers.4.self_attn.q_proj.weight"])
    #expect(
      try resolution.tensor("model.embed_tokens.weight").shown == ["a:model.embed_tokens.weight"])
    #expect(try resolution.tensor("model.norm.weight").shown == ["b:model.norm.weight"])
    #expect(try resolution.tensor("lm_head.weight").shown == ["b:lm_head.weight"])
  }

  @Test func eachSourceGivesItsOwnLayersAndFiltersSeeItsNames() throws {
    let resolution = try resolve(
      """
      slices:
        - sources:
            - model: a
              layer_range: [0, 2]
              parameters: {weight: [{filter: layers.0., value: 5}, {value: 1}]}
            - model: b
              layer_range: [3, 5]
              parameters:
                weight: [{filter: layers.0., value: 5}, {filter: layers.3., value: 7}, {value: 1}]
      merge_method: linear
      """)
    let tensor = try resolution.tensor("model.layers.0.mlp.up_proj.weight")
    #expect(
      tensor.shown == [
        "a:model.layers.0.mlp.up_proj.weight", "b:model.layers.3.mlp.up_proj.weight",
      ])
    #expect(tensor.numbers("weight") == [5, 7])
    #expect(try resolution.tensor("model.layers.1.mlp.up_proj.weight").numbers("weight") == [1, 1])
    #expect(resolution.warnings.count == 1)
    #expect(
      resolution.warnings.first?.contains(
        "r.yaml:9: slices[0].sources[1].parameters.weight[0].filter: matches no tensor") == true)
  }

  @Test func gradientsRunWithinASlice() throws {
    let resolution = try resolve(
      """
      slices:
        - sources: [{model: a, layer_range: [0, 3]}, {model: b, layer_range: [0, 3]}]
          parameters: {t: [0, 1]}
        - sources: [{model: a, layer_range: [3, 4]}, {model: b, layer_range: [3, 4]}]
          parameters: {t: [0.25, 0.75]}
      merge_method: slerp
      base_model: b
      """)
    let values = try (0..<4).map {
      try resolution.tensor("model.layers.\($0).mlp.up_proj.weight").number("t")
    }
    #expect(values == [0, 0.5, 1, 0.75])
    // The base is the arc's first end, wherever it stands.
    #expect(
      try resolution.tensor("model.norm.weight").shown
        == ["b:model.norm.weight", "a:model.norm.weight"])
    #expect(try resolution.tensor("model.norm.weight").number("t") == 0.25)
    #expect(try !resolution.tensor("model.norm.weight").settings.hasBase)
  }

  @Test func layersWithoutNumbersStayInTheirPlaces() throws {
    let names = ["a/kernel", "b/kernel", "c/kernel"]
    let inventory = ModelInventory(
      tensors: names.enumerated().map { (TensorName($1), $0 * 3) })
    func resolution(_ first: String, _ second: String) throws -> RecipeResolution {
      let text = """
        slices:
          - sources: [{model: x, layer_range: \(first)}]
          - sources: [{model: y, layer_range: \(second)}]
        merge_method: passthrough
        """
      return try recipe(text).resolved(with: ["x": inventory, "y": inventory])
    }
    let kept = try resolution("[0, 1]", "[1, 3]")
    #expect(kept.outputs[0].tensors.flatMap(\.shown) == ["x:a/kernel", "y:b/kernel", "y:c/kernel"])
    let error = #expect(throws: CheckpointError.self) { _ = try resolution("[0, 2]", "[0, 1]") }
    #expect(error?.remedy?.contains("in its place") == true)
  }

  @Test(arguments: [
    ("[0, 6]", "has 5 layers in model.layers"), ("[4, 4]", "holds no layer"),
    ("[3, 1]", "holds no layer"), ("[-1, 2]", "holds no layer"), ("[1]", "has 1 number"),
    ("[0, 1, 2]", "has 3 numbers"), ("[0, x]", "not a whole number"), ("5", "not a list"),
    ("[0, 99999999999999999999]", "not a whole number"),
    ("[0, 9223372036854775807]", "has 5 layers"),
  ])
  func layersOutsideTheModelAreRefused(range: String, fact: String) {
    let text = """
      slices:
        - sources:
            - model: a
              layer_range: \(range)
      merge_method: passthrough
      """
    #expect(fault(text).contains(fact))
    #expect(fault(text).contains("slices[0].sources[0]"))
  }

  @Test func sourcesOfDifferentLengthsAreRefused() {
    let text = """
      slices:
        - sources: [{model: a, layer_range: [0, 2]}, {model: b, layer_range: [0, 3]}]
      merge_method: linear
      parameters: {weight: 1}
      """
    #expect(
      fault(text).contains("slices[0].sources[1]: gives 3 layers where the first source gives 2"))
  }

  @Test func stacksOfOneLengthCantBeSliced() {
    let names = ["enc.0.w", "enc.1.w", "dec.0.w", "dec.1.w"]
    let text = """
      slices: [{sources: [{model: a, layer_range: [0, 1]}]}]
      merge_method: passthrough
      """
    #expect(fault(text, names: names).contains("several runs of layers alike: enc, dec"))
    #expect(fault(text, names: ["x", "y"]).contains("show no layers"))
  }
}
