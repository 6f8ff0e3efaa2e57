internal import CNetworks
internal import Checkpoints

/// Computes ``DotAttention``.
struct DotAttentionKernel: LayerKernel {
  private let score: DotAttention.Score
  private let sizes: AttentionProduct.Sizes
  private let places: (query: Int, value: Int, key: Int)
  private let masks: [Int]?
  private let isCausal: Bool
  private let returnsWeights: Bool
  private let scores: BatchedProduct
  private let context: BatchedProduct

  init(
    _ score: DotAttention.Score, _ sizes: AttentionProduct.Sizes,
    places: (query: Int, value: Int, key: Int), masks: [Int]?, isCausal: Bool, returnsWeights: Bool
  ) throws(CheckpointError) {
    self.score = score
    self.sizes = sizes
    self.places = places
    self.masks = masks
    self.isCausal = isCausal
    self.returnsWeights = returnsWeights
    let weights = BatchedProduct.Operand([sizes.batch, sizes.queries, sizes.keys])
    scores = try BatchedProduct(
      BatchedProduct.Operand([sizes.batch, sizes.queries, sizes.depth]),
      BatchedProduct.Operand([sizes.batch, sizes.keys, sizes.depth]).transposed, to: weights)
    context = try BatchedProduct(
      weights, BatchedProduct.Operand([sizes.batch, sizes.keys, sizes.width]),
      to: BatchedProduct.Operand([sizes.batch, sizes.queries, sizes.width]))
  }

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    let queryMask = masks.map { inputs[$0[0]].array } ?? inputs[places.query].mask
    let valueMask = masks.map { inputs[$0[1]].array } ?? inputs[places.value].mask
    for (mask, count) in [(queryMask, sizes.queries), (valueMask, sizes.keys)] {
      guard mask == nil || mask?.shape == [sizes.batch, count] else {
        throw CheckpointError(
          .unusable, subject: nil,
          fact: "a mask of shape \(mask?.shape ?? []) doesn't fit \(count) positions")
      }
    }
    let attention = FloatArray([sizes.batch, 1, sizes.queries, sizes.keys])
    try compare(inputs[places.query].array, inputs[places.key].array, weights, attention)
    // A query that sees nothing has all scores lowered alike, so it sees all keys equally: in 32 bits
    // nothing is left of scores from which 10^9 was taken.
    let mask = AttentionMask(keys: valueMask, isCausal: isCausal)
    AttentionProduct.normalise(attention, scale: 1, mask: mask.isTrivial ? nil : mask)
    let result = FloatArray([sizes.batch, sizes.queries, sizes.width])
    try context.run(attention, inputs[places.value].array, to: result)
    if let queryMask { clear(result, where: queryMask) }
    let features = [Feature(result, mask: queryMask)]
    guard returnsWeights else { return features }
    return features + [Feature(attention.reshaped([sizes.batch, sizes.queries, sizes.keys]))]
  }

  /// Writes the scores.
  private func compare(
    _ query: FloatArray, _ key: FloatArray, _ weights: [FloatArray], _ result: FloatArray
  ) throws(CheckpointError) {
    switch score {
    case .dot(let isScaled):
      try scores.run(query, key, to: result)
      if isScaled { result.multiply(by: unsafe weights[0].pointer[0]) }
    case .concatenated(let isScaled):
      let scale = isScaled ? unsafe weights[0].pointer[0] : 1
      add(query, key, factors: nil, scale: scale, result)
      result.multiply(by: unsafe weights[isScaled ? 1 : 0].pointer[0])
    case .additive(let isScaled):
      add(query, key, factors: isScaled ? weights[0] : nil, scale: 1, result)
    }
  }

  private func add(
    _ query: FloatArray, _ key: FloatArray, factors: FloatArray?, scale: Float, _ result: FloatArray
  ) {
    let (queries, keys, depth) = (sizes.queries, sizes.keys, sizes.depth)
    Threads.forEachRange(of: sizes.batch * queries, grain: max(1, 4096 / max(1, keys * depth))) {
      for row in $0 {
        let start = row / queries * keys * depth
        unsafe ctl_additive_scores(
          query.pointer + row * depth, key.pointer + start, factors?.pointer, scale, keys, depth,
          result.pointer + row * keys)
      }
    }
  }

  private func clear(_ array: FloatArray, where mask: FloatArray) {
    for row in 0..<mask.count where unsafe mask.pointer[row] == 0 {
      unsafe array.target(row * sizes.width..<(row + 1) * sizes.width).update(repeating: 0)
    }
  }
}

extension FloatArray {
  /// Multiplies every element in place.
  fileprivate func multiply(by factor: Float) {
    for place in 0..<count { unsafe pointer[place] *= factor }
  }
}
