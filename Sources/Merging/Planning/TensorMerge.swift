import Checkpoints

/// What a merged tensor is made of: the tensors of some inputs, and the method that combines them.
public struct TensorMerge: Sendable {
  /// A tensor of an input.
  public struct Operand: Hashable, Sendable {
    /// The input, by its place in the plan.
    public let input: Int
    /// The tensor, by its place in the input.
    public let place: Int
  }

  /// The method, by its place in the plan.
  public let method: Int
  /// The method's operands in order: the base first, where it has one.
  public let operands: [Operand]
  /// Statistics of the sources, for methods that weigh by them: one per source, or none.
  public let statistics: [Operand]

  /// The tensor at one place of each input.
  init(method: Int, places: [Int]) {
    self.init(
      method: method,
      operands: places.enumerated().map { Operand(input: $0.offset, place: $0.element) })
  }

  /// A merge of some inputs' tensors.
  init(method: Int, operands: [Operand], statistics: [Operand] = []) {
    self.method = method
    self.operands = operands
    self.statistics = statistics
  }
}
