package import Checkpoints

/// `Attention` and `AdditiveAttention`: `softmax(score(q, k)) v` of a list [query, value] or [query, value,
/// key], without projections.
///
/// Scores are `scale q · k` (Luong et al. 2015), `weight Σ tanh(scale (q + k))` for `score_mode` "concat", or
/// `Σ scale_d tanh(q_d + k_d)` (Bahdanau et al. 2015).
package struct DotAttention: Layer {
  package static let classNames = ["Attention", "AdditiveAttention"]
  private let score: Score

  /// How a query and a key are compared.
  enum Score: Sendable {
    case dot(isScaled: Bool)
    case concatenated(isScaled: Bool)
    case additive(isScaled: Bool)
  }

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    let isAdditive = configuration.className == "AdditiveAttention"
    let isScaled = try configuration.bool("use_scale", default: isAdditive)
    if isAdditive {
      score = .additive(isScaled: isScaled)
      return
    }
    switch try configuration.string("score_mode", default: "dot") {
    case "dot": score = .dot(isScaled: isScaled)
    case "concat": score = .concatenated(isScaled: isScaled)
    case let other:
      throw configuration.error("has \"score_mode\" \"\(other)\", which Keras doesn't have")
    }
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    try call.requireArguments(atMost: 1)
    guard let places = try call.inputs("inputs", at: 0), [2, 3].contains(places.count) else {
      throw call.configuration.error("takes a list of a query, a value and at most a key")
    }
    let (query, value, key) = (places[0], places[1], places.last ?? places[1])
    let shapes = places.map { call.inputs[$0] }
    let keyShape = call.inputs[places.count == 3 ? key : value]
    guard shapes.allSatisfy({ $0.count == 2 }), shapes[0][1] == keyShape[1],
      shapes[1][0] == keyShape[0]
    else {
      throw call.configuration.error(
        "can't attend between \(shapes.map(shapeText).joined(separator: ", "))")
    }
    let masks = try call.inputs("mask")
    guard masks == nil || call.argument("mask")?.values.count == masks?.count else {
      throw call.configuration.error("takes a mask for each input")
    }
    if let masks, masks.count < 2 {
      throw call.configuration.error("takes a list of masks, of the query and of the value")
    }
    let (queries, keys, depth) = (shapes[0][0], keyShape[0], keyShape[1])
    let returnsWeights = try call.flag("return_attention_scores")
    let isCausal = try call.flag("use_causal_mask")
    let width = shapes[1][1]
    return LayerPlan(
      outputs: [[queries, width]] + (returnsWeights ? [[queries, keys]] : []),
      parameters: parameters(depth: depth), makesMask: call.areMasked[query]
    ) { [score] batch throws(CheckpointError) in
      let sizes = AttentionProduct.Sizes(
        batch: batch, heads: 1, keyHeads: 1, queries: queries, keys: keys, depth: depth,
        width: width)
      return try DotAttentionKernel(
        score, sizes, places: (query, value, places.count == 3 ? key : value), masks: masks,
        isCausal: isCausal, returnsWeights: returnsWeights)
    }
  }

  private func parameters(depth: Int) -> [ParameterSlot] {
    let scale = ParameterSlot("scale", storePath: "vars/0", shape: [])
    switch score {
    case .dot(let isScaled): return isScaled ? [scale] : []
    case .concatenated(let isScaled):
      let weight = ParameterSlot(
        "concat_score_weight", storePath: "vars/\(isScaled ? 1 : 0)", shape: [])
      return isScaled ? [scale, weight] : [weight]
    case .additive(let isScaled):
      return isScaled ? [ParameterSlot("scale", storePath: "vars/0", shape: [depth])] : []
    }
  }
}
