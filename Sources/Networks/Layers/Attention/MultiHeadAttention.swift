package import Checkpoints

/// `MultiHeadAttention` and `GroupQueryAttention`: scaled dot-product attention in several heads.
///
/// Query, value and key are projected to heads, and all heads' contexts to the output (Vaswani et al. 2017;
/// Ainslie et al. 2023).
/// With `use_gate` the contexts are multiplied by a sigmoid of a further projection of the query.
package struct MultiHeadAttention: Layer {
  package static let classNames = [
    "MultiHeadAttention", "GroupQueryAttention", "GroupedQueryAttention",
  ]
  let heads: Int
  let keyHeads: Int
  let depth: Int
  let width: Int
  let hasBias: Bool
  let hasGate: Bool
  let hasDropout: Bool
  let window: Int?
  private let outputShape: [Int]
  private let axes: [Int]?
  private let isGrouped: Bool

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    isGrouped = configuration.className != "MultiHeadAttention"
    heads = try configuration.int(isGrouped ? "num_query_heads" : "num_heads")
    keyHeads = isGrouped ? try configuration.int("num_key_value_heads") : heads
    depth = try configuration.int(isGrouped ? "head_dim" : "key_dim")
    width = isGrouped ? depth : try configuration.int("value_dim", default: depth)
    hasBias = try configuration.bool("use_bias", default: true)
    hasGate = try configuration.bool("use_gate", default: false)
    hasDropout = try configuration.double("dropout", default: 0) > 0
    window = configuration["sliding_window"] == nil ? nil : try configuration.int("sliding_window")
    outputShape = isGrouped ? [] : try configuration.ints("output_shape", default: [])
    axes =
      isGrouped || configuration["attention_axes"] == nil
      ? nil : try configuration.ints("attention_axes")
    guard [heads, keyHeads, depth, width].allSatisfy({ $0 > 0 }), heads % keyHeads == 0 else {
      throw configuration.error(
        "has \(heads) heads of size \(depth) and \(width) with \(keyHeads) of keys, which can't be")
    }
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    try call.requireArguments(atMost: 3)
    guard let query = try call.input("query", at: 0), let value = try call.input("value", at: 1)
    else { throw call.configuration.error("is called without a query or without a value") }
    let key = try call.input("key", at: 2)
    let shapes = (
      query: call.inputs[query], value: call.inputs[value], key: call.inputs[key ?? value]
    )
    let sight = try AttentionSight(
      call, query: query, value: value, key: key, isGrouped: isGrouped)
    let arrangement = try AttentionArrangement(
      call.configuration, query: shapes.query, value: shapes.value, key: shapes.key, axes: axes)
    guard arrangement.isPlain || !isGrouped else {
      throw call.configuration.error("takes two axes behind the batch")
    }
    let output = outputShape.isEmpty ? [shapes.query.last ?? 0] : outputShape
    let parameters = slots(shapes, output: output)
    let result = Array(shapes.query.dropLast()) + output
    let returnsWeights = try call.flag("return_attention_scores")
    var plan = LayerPlan(
      outputs: [result] + (returnsWeights ? [arrangement.weightsShape(heads: heads)] : []),
      parameters: parameters, makesMask: call.areMasked[query]
    ) { batch throws(CheckpointError) in
      let places = MultiHeadAttentionKernel.Places(query: query, value: value, key: key ?? value)
      return try MultiHeadAttentionKernel(
        self, batch: batch, places: places, arrangement: arrangement, sight: sight, output: output,
        returnsWeights: returnsWeights)
    }
    // Keras 3 takes the masks off query, key and value; only its configurations name modules.
    plan.clearsMasks = !isGrouped && call.configuration.module != nil
    return plan
  }

  /// The weights in Keras's order.
  private func slots(
    _ shapes: (query: [Int], value: [Int], key: [Int]), output: [Int]
  ) -> [ParameterSlot] {
    // Keras finds the parts of the grouped kind, and every gate, by a private name.
    let mark = isGrouped ? "_" : ""
    var result: [ParameterSlot] = []
    func add(_ name: String, path: String, input: [Int], output: [Int]) {
      result.append(
        ParameterSlot("\(name)/kernel", storePath: "\(path)/vars/0", shape: input + output))
      if hasBias {
        result.append(ParameterSlot("\(name)/bias", storePath: "\(path)/vars/1", shape: output))
      }
    }
    func last(_ shape: [Int]) -> [Int] { Array(shape.suffix(1)) }
    add(
      "query", path: "\(mark)query_dense", input: last(shapes.query), output: [heads, depth])
    add("key", path: "\(mark)key_dense", input: last(shapes.key), output: [keyHeads, depth])
    if hasGate {
      add("gate", path: "_gate_dense", input: last(shapes.query), output: [heads, width])
    }
    add("value", path: "\(mark)value_dense", input: last(shapes.value), output: [keyHeads, width])
    add(
      "attention_output", path: "\(mark)output_dense", input: [heads, width], output: output)
    return result
  }
}
