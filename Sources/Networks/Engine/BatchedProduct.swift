internal import COneDNN
internal import Checkpoints

/// Many products `Y = X W` of matrices of a fixed size, none of them packed: attention's scores and contexts.
///
/// Strides say where elements lie, so that heads are products without being moved together first.
final class BatchedProduct: Sendable {
  /// A batch of matrices; the last two axes are rows and columns.
  ///
  /// An axis of 1 serves every place of the
  /// other operand's.
  struct Operand {
    /// The logical shape.
    var shape: [Int]
    /// The step along each axis.
    var strides: [Int]

    /// Matrices at strides.
    init(_ shape: [Int], strides: [Int]) {
      self.shape = shape
      self.strides = strides
    }

    /// Matrices in C order.
    init(_ shape: [Int]) {
      self.shape = shape
      strides = [Int](repeating: 1, count: shape.count)
      for axis in shape.indices.dropLast().reversed() {
        strides[axis] = strides[axis + 1] * shape[axis + 1]
      }
    }

    /// The same matrices with rows and columns exchanged.
    var transposed: Operand {
      var copy = self
      copy.shape.swapAt(shape.count - 1, shape.count - 2)
      copy.strides.swapAt(shape.count - 1, shape.count - 2)
      return copy
    }

    fileprivate func layout() throws(CheckpointError) -> MemoryLayoutDescription {
      try MemoryLayoutDescription(shape, strides: strides)
    }
  }

  private let primitive: Primitive
  private let left: MemoryLayoutDescription
  private let right: MemoryLayoutDescription
  private let result: MemoryLayoutDescription

  /// Products of operands at these places.
  init(_ left: Operand, _ right: Operand, to result: Operand) throws(CheckpointError) {
    self.left = try left.layout()
    self.right = try right.layout()
    self.result = try result.layout()
    var from = self.left.descriptor
    var weights = self.right.descriptor
    var to = self.result.descriptor
    var description = dnnl_matmul_desc_t()
    try OneDNN.check(
      unsafe dnnl_matmul_desc_init(&description, &from, &weights, nil, &to), "a matrix product")
    primitive = try unsafe Primitive(&description, name: "a matrix product")
  }

  /// Computes the products.
  func run(
    _ left: FloatArray, _ right: FloatArray, to result: FloatArray
  ) throws(CheckpointError) {
    try primitive.run([
      (DNNL_ARG_SRC, self.left, left), (DNNL_ARG_WEIGHTS, self.right, right),
      (DNNL_ARG_DST, self.result, result),
    ])
  }
}
