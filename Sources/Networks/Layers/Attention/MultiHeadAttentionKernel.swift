internal import CNetworks
internal import Checkpoints

/// Computes multi-head attention: one packed product for each projection, the rest by ``AttentionProduct``.
struct MultiHeadAttentionKernel: LayerKernel {
  /// Where the inputs are.
  struct Places: Sendable {
    var query: Int
    var value: Int
    var key: Int
  }

  private let places: Places
  private let batch: Int
  private let heads: Int
  private let hasBias: Bool
  private let window: Int?
  private let arrangement: AttentionArrangement
  private let sight: AttentionSight
  private let emptyIsZero: Bool
  private let movements: (query: Transposition?, value: Transposition?, key: Transposition?)
  private let projections: (query: MatrixProduct, key: MatrixProduct, value: MatrixProduct)
  private let gate: MatrixProduct?
  private let product: AttentionProduct
  private let output: MatrixProduct
  private let shapes: (rows: [Int], result: [Int], weights: [Int]?)
  private let back: Transposition?

  init(
    _ layer: MultiHeadAttention, batch: Int, places: Places, arrangement: AttentionArrangement,
    sight: AttentionSight, output: [Int], returnsWeights: Bool
  ) throws(CheckpointError) {
    self.batch = batch
    self.places = places
    self.arrangement = arrangement
    self.sight = sight
    (heads, hasBias, window) = (layer.heads, layer.hasBias, layer.window)
    // Keras's fused path leaves equal weights where nothing is seen, its plain path 0; these are the
    // cases in which it takes the plain one.
    emptyIsZero = layer.hasDropout || returnsWeights || !arrangement.isPlain
    let (positions, features) = (arrangement.positions, arrangement.features)
    movements = (
      arrangement.movement(batch: batch, positions: positions.query, features: features.query),
      arrangement.movement(batch: batch, positions: positions.key, features: features.value),
      arrangement.movement(batch: batch, positions: positions.key, features: features.key)
    )
    let rows = batch * arrangement.others.reduce(1, *)
    let (queries, keys) = (positions.query.reduce(1, *), positions.key.reduce(1, *))
    func projection(
      _ count: Int, _ depth: Int, _ columns: Int, _ activation: Activation? = nil
    ) throws(CheckpointError) -> MatrixProduct {
      try MatrixProduct(
        rows: rows * count, depth: depth, columns: columns, hasBias: layer.hasBias,
        activation: activation)
    }
    projections = (
      try projection(queries, features.query, layer.heads * layer.depth),
      try projection(keys, features.key, layer.keyHeads * layer.depth),
      try projection(keys, features.value, layer.keyHeads * layer.width)
    )
    gate =
      layer.hasGate
      ? try projection(queries, features.query, layer.heads * layer.width, .named("sigmoid")) : nil
    product = try AttentionProduct(
      AttentionProduct.Sizes(
        batch: rows, heads: layer.heads, keyHeads: layer.keyHeads, queries: queries, keys: keys,
        depth: layer.depth, width: layer.width), scale: 1 / Float(layer.depth).squareRoot())
    self.output = try projection(queries, layer.heads * layer.width, output.reduce(1, *))
    let moved = [batch] + arrangement.others + positions.query + output
    back =
      arrangement.movement(
        batch: batch, positions: positions.query, features: output.reduce(1, *))?.inverse
    let inOrder = back.map { $0.outputShape.dropLast() + output } ?? moved
    shapes = (
      moved.dropLast(output.count) + [output.reduce(1, *)], Array(inOrder),
      returnsWeights ? [batch] + arrangement.weightsShape(heads: layer.heads) : nil
    )
  }

  func pack(_ parameters: [FloatArray]) throws(CheckpointError) -> [FloatArray] {
    var result: [FloatArray] = []
    var products = [projections.query, projections.key]
    if let gate { products.append(gate) }
    products += [projections.value, output]
    let step = hasBias ? 2 : 1
    for (number, product) in products.enumerated() {
      result.append(try product.pack(parameters[number * step]))
      if hasBias { result.append(parameters[number * step + 1]) }
    }
    return result
  }

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    var taken = 0
    func apply(
      _ product: MatrixProduct, _ input: FloatArray, _ shape: [Int]
    ) throws(CheckpointError) -> FloatArray {
      defer { taken += hasBias ? 2 : 1 }
      return try product.run(
        input, weights: weights[taken], bias: hasBias ? weights[taken + 1] : nil, shape: shape)
    }
    func moved(_ place: Int, _ movement: Transposition?) -> FloatArray {
      movement.map { $0(inputs[place].array) } ?? inputs[place].array
    }
    let mask = try sight.mask(
      inputs, batch: batch, heads: heads, arrangement, window: window, emptyIsZero: emptyIsZero)
    let source = moved(places.query, movements.query)
    let query = try apply(projections.query, source, projections.query.shape)
    let key = try apply(
      projections.key, moved(places.key, movements.key), projections.key.shape)
    let opening =
      if let gate { try apply(gate, source, gate.shape) } else { nil as FloatArray? }
    let value = try apply(
      projections.value, moved(places.value, movements.value), projections.value.shape)
    var (context, attention) = try product.run(query: query, key: key, value: value, mask: mask)
    if let opening { context = context.multiplied(by: opening) }
    var result = try apply(output, context, shapes.rows)
    if let back { result = back(result) }
    var features = [Feature(result.reshaped(shapes.result), mask: inputs[places.query].mask)]
    if let shape = shapes.weights { features.append(Feature(attention.reshaped(shape))) }
    return features
  }
}

extension FloatArray {
  /// The products of its elements with another's of the same count, under its own shape.
  func multiplied(by other: FloatArray) -> FloatArray {
    precondition(count == other.count)
    let result = FloatArray(shape)
    Threads.forEachRange(of: count, grain: 1 << 14) { range in
      let start = range.lowerBound
      unsafe ctl_vector_multiply(
        pointer + start, other.pointer + start, result.pointer + start, range.count)
    }
    return result
  }
}
