internal import CNetworks
internal import Checkpoints

/// Computes ``EinsumDense`` as a matrix product, or as one for each place of the shared axes, between
/// transpositions where axes aren't in order.
struct EinsumKernel: LayerKernel {
  private enum Product: Sendable {
    case one(MatrixProduct)
    case many(BatchedProduct)
  }

  private let equation: EinsumEquation
  private let product: Product
  private let forth: Transposition?
  private let back: Transposition?
  private let shapes: (product: [Int], ordered: [Int], output: [Int])
  /// Whether the product adds the bias.
  private let fusesBias: Bool
  private let application: ActivationApplication?

  init(
    _ equation: EinsumEquation, batch: Int, hasBias: Bool, activation: Activation?
  ) throws(CheckpointError) {
    self.equation = equation
    let (shared, rows, columns) = (equation.shared, equation.rows, equation.columns)
    let depth = equation.contracted + equation.summed
    forth = Self.movement(
      equation.input, to: shared + rows + depth, equation.shape(equation.input, batch: batch))
    let ordered = shared + rows + columns
    back = Self.movement(
      ordered, to: equation.output, equation.shape(ordered, batch: batch))
    let output = equation.shape(equation.output, batch: batch)
    let counts = [shared, rows, depth, columns].map {
      equation.shape($0, batch: batch).reduce(1, *)
    }
    fusesBias =
      hasBias && shared.isEmpty && back == nil && equation.bias.count == columns.count
      && Set(equation.bias) == Set(columns)
    let finishes = back == nil && shared.isEmpty && (fusesBias || !hasBias)
    var fused: Activation?
    if finishes, let activation, activation.postOperation != nil { fused = activation }
    if shared.isEmpty {
      product = .one(
        try MatrixProduct(
          rows: counts[1], depth: counts[2], columns: counts[3], hasBias: fusesBias,
          activation: fused))
    } else {
      product = .many(
        try BatchedProduct(
          BatchedProduct.Operand([counts[0], counts[1], counts[2]]),
          BatchedProduct.Operand([counts[0], counts[2], counts[3]]),
          to: BatchedProduct.Operand([counts[0], counts[1], counts[3]])))
    }
    application = fused == nil ? try activation?.makeApplication(output) : nil
    shapes = (
      shared.isEmpty ? [counts[1], counts[3]] : [counts[0], counts[1], counts[3]],
      equation.shape(ordered, batch: batch), output
    )
  }

  /// What brings axes into another order; nil where they are.
  private static func movement(_ axes: [Int], to target: [Int], _ shape: [Int]) -> Transposition? {
    let order = target.compactMap { axes.firstIndex(of: $0) }
    return order == Array(axes.indices) ? nil : Transposition(shape, order: order)
  }

  func pack(_ parameters: [FloatArray]) throws(CheckpointError) -> [FloatArray] {
    let axes = equation.shared + equation.contracted + equation.columns
    let movement = Self.movement(equation.kernel, to: axes, equation.shape(equation.kernel))
    let kernel = repeated(movement.map { $0(parameters[0]) } ?? parameters[0])
    let bias = parameters.dropFirst().map { fusesBias ? $0 : spread($0) }
    guard case .one(let product) = product else { return [kernel] + bias }
    return [try product.pack(kernel)] + bias
  }

  /// The kernel for an input with axes that are only summed: the same for every place of them.
  private func repeated(_ kernel: FloatArray) -> FloatArray {
    let times = equation.shape(equation.summed).reduce(1, *)
    guard times != 1 else { return kernel }
    let width = equation.shape(equation.columns).reduce(1, *)
    let result = FloatArray([kernel.count * times])
    for row in 0..<kernel.count / width * times {
      let source = row / times * width
      _ = unsafe result.target(row * width..<(row + 1) * width).update(
        fromContentsOf: kernel.values(source..<source + width))
    }
    return result
  }

  /// The bias of every element of a sample's output.
  private func spread(_ bias: FloatArray) -> FloatArray {
    let shape = Array(shapes.output.dropFirst())
    let result = FloatArray(shape)
    for place in 0..<result.count {
      var (rest, step, source) = (place, 1, 0)
      for (size, own) in zip(shape.reversed(), bias.shape.reversed()) {
        source += own == 1 ? 0 : rest % size * step
        step *= own
        rest /= size
      }
      unsafe result.pointer[place] = bias.pointer[source]
    }
    return result
  }

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    let input = forth.map { $0(inputs[0].array) } ?? inputs[0].array
    var result: FloatArray
    switch product {
    case .one(let product):
      result = try product.run(
        input, weights: weights[0], bias: fusesBias ? weights[1] : nil, shape: shapes.product)
    case .many(let product):
      result = FloatArray(shapes.product)
      try product.run(input, weights[0], to: result)
    }
    result = result.reshaped(shapes.ordered)
    if let back { result = back(result) }
    if weights.count > 1 && !fusesBias {
      let width = weights[1].count
      for sample in 0..<shapes.output[0] {
        let values = unsafe result.pointer + sample * width
        unsafe ctl_vector_add(values, weights[1].pointer, values, width)
      }
    }
    guard let application else { return [Feature(result)] }
    return [Feature(try application(result, overwrites: true))]
  }
}
