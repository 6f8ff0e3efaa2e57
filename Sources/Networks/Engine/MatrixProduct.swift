internal import COneDNN
internal import Checkpoints

/// `Y = activation(X W + b)` for matrices of a fixed size, `W` packed once.
final class MatrixProduct: Sendable {
  private let primitive: Primitive
  private let rows: Int
  private let columns: Int
  private let source: MemoryLayoutDescription
  private let target: MemoryLayoutDescription
  private let plainWeights: MemoryLayoutDescription
  private let packedWeights: MemoryLayoutDescription
  private let bias: MemoryLayoutDescription?
  private let application: ActivationApplication?

  /// A product.
  ///
  /// - Parameters:
  ///   - rows: The rows of X.
  ///   - depth: The columns of X and rows of W.
  ///   - columns: The columns of W.
  ///   - hasBias: Whether b is added.
  ///   - isTransposed: Whether W is stored by columns (depth runs fastest).
  ///   - activation: Applied to the result.
  /// - Throws: ``CheckpointError`` where oneDNN refuses or fails.
  init(
    rows: Int, depth: Int, columns: Int, hasBias: Bool, isTransposed: Bool = false,
    activation: Activation? = nil
  ) throws(CheckpointError) {
    self.rows = rows
    self.columns = columns
    source = try MemoryLayoutDescription([rows, depth])
    target = try MemoryLayoutDescription([rows, columns])
    plainWeights = try MemoryLayoutDescription(
      [depth, columns], strides: isTransposed ? [1, depth] : [columns, 1])
    bias = hasBias ? try MemoryLayoutDescription([1, columns]) : nil
    let post = activation?.postOperation
    application =
      if let activation, post == nil {
        try activation.makeApplication([rows, columns])
      } else { nil }
    var from = source.descriptor
    var to = target.descriptor
    var weights = try MemoryLayoutDescription.any([depth, columns]).descriptor
    var description = dnnl_matmul_desc_t()
    if var bias = bias?.descriptor {
      try OneDNN.check(
        unsafe dnnl_matmul_desc_init(&description, &from, &weights, &bias, &to), "a matrix product")
    } else {
      try OneDNN.check(
        unsafe dnnl_matmul_desc_init(&description, &from, &weights, nil, &to), "a matrix product")
    }
    primitive = try unsafe Primitive(&description, postOperation: post, name: "a matrix product")
    packedWeights = primitive.layout(dnnl_query_weights_md)
  }

  /// The shape of Y.
  var shape: [Int] { [rows, columns] }

  /// Brings W into the product's own arrangement.
  func pack(_ weights: FloatArray) throws(CheckpointError) -> FloatArray {
    if packedWeights.equals(plainWeights) { return weights }
    let packed = FloatArray([packedWeights.floatCount])
    try Primitive(reordering: plainWeights, to: packedWeights).run([
      (DNNL_ARG_FROM, plainWeights, weights), (DNNL_ARG_TO, packedWeights, packed),
    ])
    return packed
  }

  /// Computes the product.
  ///
  /// - Parameters:
  ///   - input: X.
  ///   - weights: What ``pack(_:)`` gave.
  ///   - bias: b, where there is one.
  ///   - shape: The shape to give the result.
  /// - Returns: Y.
  /// - Throws: ``CheckpointError`` where oneDNN refuses or fails.
  func run(
    _ input: FloatArray, weights: FloatArray, bias: FloatArray?, shape: [Int]
  ) throws(CheckpointError) -> FloatArray {
    let result = FloatArray([rows, columns])
    var arguments = [
      (DNNL_ARG_SRC, source, input), (DNNL_ARG_WEIGHTS, packedWeights, weights),
      (DNNL_ARG_DST, target, result),
    ]
    if let bias, let layout = self.bias { arguments.append((DNNL_ARG_BIAS, layout, bias)) }
    try primitive.run(arguments)
    guard let application else { return result.reshaped(shape) }
    return try application(result, overwrites: true).reshaped(shape)
  }
}
