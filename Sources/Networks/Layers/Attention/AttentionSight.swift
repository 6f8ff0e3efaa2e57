internal import Checkpoints

/// Where a call of multi-head attention finds its masks.
///
/// Keras hands on the masks that query, value and, where it is given, key bring along; a mask in the call
/// replaces the one that its value brings, except the query's, which `MultiHeadAttention` always takes from
/// the query itself.
struct AttentionSight: Sendable {
  private enum Source: Sendable {
    /// The mask of an input.
    case mask(Int)
    /// The values of an input.
    case values(Int)
  }

  private let query: Source
  private let keys: [Source]
  private let pairs: Int?
  private let isCausal: Bool

  init(
    _ call: LayerCall, query: Int, value: Int, key: Int?, isGrouped: Bool
  ) throws(CheckpointError) {
    func source(_ name: String, _ place: Int) throws(CheckpointError) -> Source {
      if let given = try call.input(name) { .values(given) } else { .mask(place) }
    }
    self.query = isGrouped ? try source("query_mask", query) : .mask(query)
    var keys = [try source("value_mask", value)]
    if let key { keys.append(try source("key_mask", key)) }
    self.keys = keys
    pairs = try call.input("attention_mask")
    isCausal = try call.flag("use_causal_mask")
  }

  /// The mask of a batch, or nil where everything is seen; `emptyIsZero` is as in ``AttentionMask``.
  func mask(
    _ inputs: [Feature], batch: Int, heads: Int, _ arrangement: AttentionArrangement, window: Int?,
    emptyIsZero: Bool
  ) throws(CheckpointError) -> AttentionMask? {
    var mask = AttentionMask(isCausal: isCausal, window: window, emptyIsZero: emptyIsZero)
    mask.queries = find(query, inputs)
    for source in keys { if let keys = find(source, inputs) { mask.add(keys: keys) } }
    let queries = arrangement.positions.query.reduce(1, *)
    let keys = arrangement.positions.key.reduce(1, *)
    let rows = batch * arrangement.others.reduce(1, *)
    for (part, count) in [(mask.queries, queries), (mask.keys, keys)] {
      guard let part else { continue }
      guard arrangement.isPlain, part.shape == [batch, count] else {
        throw Self.error("a mask of shape \(part.shape) doesn't fit \(batch) x \(count) positions")
      }
    }
    guard arrangement.isPlain || !isCausal && window == nil else {
      throw Self.error("a causal mask or a window over more than one axis isn't supported")
    }
    if let pairs {
      let given = inputs[pairs].array
      let full = [rows] + (given.shape.count == 3 ? [1] : [])
      let shape = arrangement.isPlain ? full + given.shape.dropFirst() : [rows, 1, queries, keys]
      guard shape.count == 4, shape.reduce(1, *) == given.count,
        shape[1] == 1 || shape[1] == heads,
        shape[2] == 1 || shape[2] == queries, shape[3] == 1 || shape[3] == keys
      else {
        throw Self.error(
          "an attention mask of shape \(given.shape) doesn't fit \(queries) queries and \(keys) keys"
        )
      }
      mask.pairs = given.reshaped(shape)
    }
    return mask.isTrivial ? nil : mask
  }

  private func find(_ source: Source, _ inputs: [Feature]) -> FloatArray? {
    switch source {
    case .mask(let place): inputs[place].mask
    case .values(let place): inputs[place].array
    }
  }

  private static func error(_ fact: String) -> CheckpointError {
    CheckpointError(.unusable, subject: nil, fact: fact)
  }
}
