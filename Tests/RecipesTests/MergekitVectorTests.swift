import Checkpoints
import Foundation
import Testing

@testable import Recipes

/// What mergekit itself plans for recipes (tools/make-recipe-vectors) is what we resolve.
struct MergekitVectorTests {
  private struct Vectors: Decodable {
    struct Case: Decodable {
      let recipe: String
      let tensors: [Planned]
    }
    struct Planned: Decodable {
      let name: String
      let parameters: [String: Value]
      let inputs: [Input]
    }
    struct Input: Decodable {
      let model: String
      let name: String
      let parameters: [String: Value]
    }
    /// mergekit's values are numbers, truths or nothing.
    enum Value: Decodable {
      case truth(Bool)
      case number(Double)
      case nothing

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
          self = .nothing
        } else if let truth = try? container.decode(Bool.self) {
          self = .truth(truth)
        } else {
          self = .number(try container.decode(Double.self))
        }
      }
    }
    let layers: Int
    let cases: [Case]
  }

  private static func llama(layers: Int) -> ModelInventory {
    let parts =
      ["q", "k", "v", "o"].map { "self_attn.\($0)_proj" }
      + ["gate", "up", "down"].map { "mlp.\($0)_proj" }
      + ["input_layernorm", "post_attention_layernorm"]
    var names = ["lm_head", "model.embed_tokens", "model.norm"]
    for layer in 0..<layers { names += parts.map { "model.layers.\(layer).\($0)" } }
    return inventory(names.map { "\($0).weight" })
  }

  /// A value of ours in mergekit's terms.
  private func matches(_ ours: ParameterValue?, _ theirs: Vectors.Value) -> Bool {
    switch (ours, theirs) {
    case (.number(let a), .number(let b)): a == b
    case (.truth(let a), .truth(let b)): a == b
    case (.text(let word), .truth(let truth)): word == (truth ? "l1" : "none")
    case (nil, .nothing): true
    default: false
    }
  }

  @Test(arguments: 0..<8)
  func theSameTensorsWithTheSameParameters(index: Int) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Vectors/mergekit.json")
    let vectors = try JSONDecoder().decode(Vectors.self, from: try Data(contentsOf: file))
    try #require(vectors.cases.count == 8)
    let planned = vectors.cases[index]
    let recipe = try recipe(planned.recipe)
    let model = Self.llama(layers: vectors.layers)
    let resolution = try recipe.resolved(
      with: ["A": model, "B": model, "C": model], compatibility: .mergekit)
    let tensors = resolution.outputs[0].tensors
    #expect(Set(tensors.map(\.name.text)) == Set(planned.tensors.map(\.name)))
    for expected in planned.tensors {
      let tensor = try resolution.tensor(expected.name)
      for (name, value) in expected.parameters {
        #expect(matches(tensor.parameters[name], value), "\(expected.name): \(name)")
      }
      #expect(Set(tensor.shown) == Set(expected.inputs.map { "\($0.model):\($0.name)" }))
      for input in expected.inputs {
        let operand = try #require(tensor.shown.firstIndex(of: "\(input.model):\(input.name)"))
        for (name, value) in input.parameters {
          #expect(
            matches(tensor.perSource[operand][name], value),
            "\(expected.name): \(input.model): \(name)")
        }
      }
    }
  }
}
