internal import CNetworks
internal import Checkpoints

/// Scaled dot-product attention over heads: `softmax(scale Q K^T) V`.
///
/// Q is (batch, queries, heads, depth), K (batch, keys, key heads, depth), V (batch, keys, key heads, width), as
/// projections leave them. Fewer key heads than heads are shared by neighbours (Ainslie et al. 2023).
final class AttentionProduct: Sendable {
  /// The sizes.
  struct Sizes: Sendable {
    var batch: Int
    var heads: Int
    var keyHeads: Int
    var queries: Int
    var keys: Int
    var depth: Int
    var width: Int
  }

  private let sizes: Sizes
  private let scale: Float
  private let scores: BatchedProduct
  private let context: BatchedProduct

  /// Attention of these sizes.
  init(_ sizes: Sizes, scale: Float) throws(CheckpointError) {
    self.sizes = sizes
    self.scale = scale
    let query = Self.operand(sizes, length: sizes.queries, heads: sizes.heads, width: sizes.depth)
    let key = Self.operand(sizes, length: sizes.keys, heads: sizes.keyHeads, width: sizes.depth)
    let value = Self.operand(sizes, length: sizes.keys, heads: sizes.keyHeads, width: sizes.width)
    let result = Self.operand(sizes, length: sizes.queries, heads: sizes.heads, width: sizes.width)
    let heads =
      sizes.keyHeads == sizes.heads
      ? [sizes.heads] : [sizes.keyHeads, sizes.heads / sizes.keyHeads]
    let weights = BatchedProduct.Operand([sizes.batch] + heads + [sizes.queries, sizes.keys])
    scores = try BatchedProduct(query, key.transposed, to: weights)
    context = try BatchedProduct(weights, value, to: result)
  }

  /// (batch, length, heads, width) as matrices (batch, key head, head of it, length, width), without the
  /// third axis where every head has keys of its own.
  private static func operand(
    _ sizes: Sizes, length: Int, heads: Int, width: Int
  ) -> BatchedProduct.Operand {
    let row = heads * width
    if sizes.keyHeads == sizes.heads {
      return BatchedProduct.Operand(
        [sizes.batch, heads, length, width], strides: [length * row, width, row, 1])
    }
    let shared = heads / sizes.keyHeads
    return BatchedProduct.Operand(
      [sizes.batch, sizes.keyHeads, shared, length, width],
      strides: [length * row, shared * width, width, row, 1])
  }

  /// Computes the attention.
  ///
  /// - Returns: The context (batch, queries, heads, width) and the weights (batch, heads, queries, keys).
  func run(
    query: FloatArray, key: FloatArray, value: FloatArray, mask: AttentionMask?
  ) throws(CheckpointError) -> (context: FloatArray, weights: FloatArray) {
    let weights = FloatArray([sizes.batch, sizes.heads, sizes.queries, sizes.keys])
    try scores.run(query, key, to: weights)
    Self.normalise(weights, scale: scale, mask: mask)
    let result = FloatArray([sizes.batch, sizes.queries, sizes.heads, sizes.width])
    try context.run(weights, value, to: result)
    return (result, weights)
  }

  /// Makes distributions over the keys of scores (batch, heads, queries, keys), in place.
  static func normalise(_ scores: FloatArray, scale: Float, mask: AttentionMask?) {
    let (heads, queries, keys) = (scores.shape[1], scores.shape[2], scores.shape[3])
    guard scores.count > 0 else { return }
    let rows = scores.count / keys
    Threads.forEachRange(of: rows, grain: max(1, 4096 / keys)) { range in
      for row in range {
        let values = unsafe scores.pointer + row * keys
        if let mask {
          var sight = unsafe mask.sight(
            sample: row / (heads * queries), head: row / queries % heads, query: row % queries,
            keys: keys)
          unsafe ctl_softmax_row(values, keys, scale, &sight)
        } else {
          unsafe ctl_softmax_row(values, keys, scale, nil)
        }
      }
    }
  }
}
