import Checkpoints
import Testing

@testable import Networks

@Suite("Sequence layers that can't be run")
struct SequenceErrorTests {
  @Test(
    "an option that isn't supported is named",
    arguments: [
      ("LSTM", #"{"units": 3, "stateful": true}"#, "\"stateful\""),
      ("GRU", #"{"units": 3, "time_major": true}"#, "\"time_major\""),
      ("Embedding", #"{"input_dim": 3, "output_dim": 2, "lora_rank": 4}"#, "\"lora_rank\""),
      ("Attention", #"{"score_mode": "cosine"}"#, "\"cosine\""),
      (
        "Bidirectional",
        #"{"merge_mode": "max", "layer": {"class_name": "GRU", "config": {"units": 2}}}"#, "\"max\""
      ),
      (
        "Bidirectional", #"{"layer": {"class_name": "Dense", "config": {"units": 2}}}"#,
        "isn't a recurrent layer"
      ),
      ("RNN", #"{"cell": {"class_name": "Mine", "config": {"units": 2}}}"#, "LSTMCell"),
      ("RNN", #"{"units": 2}"#, "\"cell\""),
      ("ConvLSTM2D", #"{"filters": 2}"#, "isn't supported"),
      ("PositionEmbedding", #"{}"#, "isn't supported"),
      ("TimeDistributed", #"{"layer": {"class_name": "Lambda", "config": {}}}"#, "never run"),
      ("LSTM", #"{"units": 3, "activation": "glu"}"#, "\"glu\""),
      ("MultiHeadAttention", #"{"num_heads": 0, "key_dim": 2}"#, "can't be"),
      (
        "GroupQueryAttention", #"{"num_query_heads": 3, "num_key_value_heads": 2, "head_dim": 2}"#,
        "can't be"
      ),
    ])
  func namesOption(_ className: String, _ settings: String, _ fact: String) throws {
    let values = try #require(JSONValue(parsing: settings)?.object)
    let configuration = LayerConfiguration(name: "mine", className: className, values: values)
    let error = #expect(throws: CheckpointError.self) { _ = try LayerKinds.make(configuration) }
    #expect(error.map { "\($0)" }?.contains(fact) == true)
  }

  @Test(
    "an equation that isn't understood is shown",
    arguments: [
      "ab,bc", "ab,bc->bc", "aab,bc->ac", "abc,cd->ad...", "ab,ac->bc", "ab,bc->ad", "é,b->é",
    ])
  func showsEquation(_ equation: String) throws {
    let values: [String: JSONValue] = [
      "equation": .string(equation), "output_shape": .array([.number(4)]),
    ]
    let error = #expect(throws: CheckpointError.self) {
      _ = try Self.plan("EinsumDense", values, inputs: [[3]])
    }
    #expect(error.map { "\($0)" }?.contains(equation) == true)
  }

  @Test("shapes that can't be attended between are shown")
  func showsShapes() throws {
    let heads: [String: JSONValue] = ["num_heads": .number(2), "key_dim": .number(2)]
    for inputs in [[[3]], [[3, 4], [4]], [[3, 4], [2, 2, 4]]] {
      #expect(throws: CheckpointError.self) {
        _ = try Self.plan("MultiHeadAttention", heads, inputs: inputs + inputs.prefix(1))
      }
    }
  }

  @Test("an id outside of the table is named", arguments: [3, -1, .nan, 1e30] as [Float])
  func namesId(_ id: Float) throws {
    let plan = try Self.plan(
      "Embedding", ["input_dim": .number(3), "output_dim": .number(2)], inputs: [[2]])
    let kernel = try plan.makeKernel(1)
    let table = FloatArray([3, 2], [1, 2, 3, 4, 5, 6])
    let right = try kernel.run([Feature(FloatArray([1, 2], [2, 0]))], weights: [table])
    #expect(right[0].array.elements == [5, 6, 1, 2])
    let error = #expect(throws: CheckpointError.self) {
      _ = try kernel.run([Feature(FloatArray([1, 2], [0, id]))], weights: [table])
    }
    #expect(error.map { "\($0)" }?.contains("\(id)") == true)
  }

  /// Plans a call with the inputs by place.
  private static func plan(
    _ className: String, _ values: [String: JSONValue], inputs: [[Int]]
  ) throws(CheckpointError) -> LayerPlan {
    let configuration = LayerConfiguration(name: "mine", className: className, values: values)
    let nodes = inputs.indices.map { ModelGraph.Value(node: $0) }
    let layer = try LayerKinds.make(configuration)
    return try layer.plan(
      LayerCall(
        configuration: configuration, arguments: nodes.map { .value($0) }, keywords: [:],
        values: nodes, inputs: inputs, areMasked: inputs.map { _ in false },
        activation: layer.activation))
  }
}
