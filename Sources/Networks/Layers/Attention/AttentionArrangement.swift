internal import Checkpoints

/// How the axes of a multi-head attention's inputs are brought into (batch, …, positions, features).
///
/// Attention works along some axes (`attention_axes`, by default all between the batch and the features); the
/// others are like the batch.
struct AttentionArrangement: Sendable {
  /// The sizes of the axes that are like the batch.
  let others: [Int]
  /// The sizes of the axes of attention, of the query and of key and value.
  let positions: (query: [Int], key: [Int])
  /// The features of query, value and key.
  let features: (query: Int, value: Int, key: Int)
  /// The order of the input's axes, batch counted; nil where it stays.
  private let order: [Int]?

  init(
    _ configuration: LayerConfiguration, query: [Int], value: [Int], key: [Int], axes: [Int]?
  ) throws(CheckpointError) {
    let rank = query.count + 1
    guard rank >= 3, value.count + 1 == rank, value.dropLast() == key.dropLast(),
      key.count == value.count, let features = query.last, let width = value.last,
      let depth = key.last
    else {
      throw configuration.error(
        "can't attend from \(shapeText(query)) to a value of \(shapeText(value)) and a key of "
          + shapeText(key))
    }
    var chosen = Array(1..<rank - 1)
    if let axes {
      chosen = []
      for axis in axes { chosen.append(try configuration.axis(axis, rank: rank)) }
    }
    let rest = (1..<rank - 1).filter { !chosen.contains($0) }
    guard chosen.allSatisfy({ (1..<rank - 1).contains($0) }), Set(chosen).count == chosen.count,
      !chosen.isEmpty, rest.allSatisfy({ query[$0 - 1] == value[$0 - 1] })
    else {
      throw configuration.error(
        "can't attend along the axes \(chosen) from \(shapeText(query)) to \(shapeText(value))")
    }
    others = rest.map { query[$0 - 1] }
    positions = (chosen.map { query[$0 - 1] }, chosen.map { value[$0 - 1] })
    self.features = (features, width, depth)
    let order = [0] + rest + chosen + [rank - 1]
    self.order = order == Array(0..<rank) ? nil : order
  }

  /// Whether inputs are (batch, positions, features).
  var isPlain: Bool { others.isEmpty && positions.query.count == 1 }

  /// The shape of the weights behind the batch.
  func weightsShape(heads: Int) -> [Int] {
    others + [heads] + positions.query + positions.key
  }

  /// What brings an input of these positions and features into order; nil where it is.
  func movement(batch: Int, positions: [Int], features: Int) -> Transposition? {
    guard let order else { return nil }
    var shape = order
    for (size, axis) in zip([batch] + others + positions + [features], order) { shape[axis] = size }
    return Transposition(shape, order: order)
  }
}
