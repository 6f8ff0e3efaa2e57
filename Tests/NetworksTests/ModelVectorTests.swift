import Checkpoints
import Foundation
import TestSupport
import Testing

@testable import Networks

/// Whole models, layer by layer, against Keras; `python -m layer_vectors.models` writes the files.
@Suite("Models against Keras")
struct ModelVectorTests {
  static let names = [
    "transformer", "padded-transformer", "attention-before-norm", "reader", "translator",
  ]

  @Test("every layer of a model gives Keras's values", arguments: names)
  func agreesWithKeras(_ name: String) throws {
    let path = Repository.root + "/Tests/NetworksTests/Vectors/Models/\(name).json"
    let data = try #require(FileManager.default.contents(atPath: path))
    let vector = try #require(JSONValue(parsing: String(decoding: data, as: UTF8.self)))
    let configuration = try String(
      decoding: JSONEncoder().encode(EncodableJSON(#require(vector["configuration"]))),
      as: UTF8.self)
    let graph = try ModelGraph(kerasConfiguration: configuration, file: nil)
    let inputs = try #require(vector["inputs"]?.array).compactMap(LayerVector.Values.init)
    let outputs = try #require(vector["outputs"]?.object)
    #expect(outputs.count > 4)

    let plan = try NetworkPlan(
      graph, inputShapes: inputs.map { Array($0.shape.dropFirst()) }, splitting: .none)
    let kernels = try NetworkKernels(plan, batch: inputs[0].shape[0])
    let network = try Network(kernels) { layer throws(CheckpointError) in
      (vector["weights"]?[graph.layers[layer].configuration.name]?.array ?? []).compactMap {
        LayerVector.Values($0)?.array
      }
    }
    var features: [Int: Feature] = [:]
    for (place, input) in zip(plan.inputs, inputs) { features[place] = Feature(input.array) }
    var checked = 0
    for (place, step) in plan.steps.enumerated() {
      let made = try kernels.run(place, step.inputs.compactMap { features[$0] }, of: network)
      for (value, feature) in zip(step.outputs, made) { features[value] = feature }
      // Operations aren't layers, so Keras doesn't tell what they give.
      if graph.layers[step.layer].configuration.isOperation { continue }
      let wanted = try #require(outputs[step.name].flatMap(LayerVector.Values.init))
      let difference = zip(made[0].array.elements, wanted.elements).map { abs($0 - $1) }.max() ?? 0
      let greatest = wanted.elements.map(abs).max() ?? 0
      #expect(made[0].array.shape == wanted.shape)
      #expect(difference <= 1e-5 * greatest, "\(step.name)")
      checked += 1
    }
    #expect(checked == outputs.count)
  }
}

/// A JSON value that can be written.
private struct EncodableJSON: Encodable {
  let value: JSONValue

  init(_ value: JSONValue) { self.value = value }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch value {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let elements): try container.encode(elements.map(EncodableJSON.init))
    case .object(let members): try container.encode(members.mapValues(EncodableJSON.init))
    }
  }
}
