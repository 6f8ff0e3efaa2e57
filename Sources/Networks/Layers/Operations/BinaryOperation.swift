package import Checkpoints

/// `keras.ops.add` and its kin, or an operator: two tensors, or a tensor and a constant, broadcast.
package struct BinaryOperation: Layer {
  package static let isOperation = true
  package static var classNames: [String] { combinations.keys.sorted() }
  private static let combinations: [String: Combination] = [
    "Add": .add, "Subtract": .subtract, "Multiply": .multiply, "Divide": .divide,
    "TrueDivide": .divide, "Maximum": .maximum, "Minimum": .minimum, "Power": .power,
    // Masks, which Keras 3 writes into configurations as tensors of their own.
    "Equal": .equal, "NotEqual": .differ, "LogicalAnd": .both, "LogicalOr": .either,
  ]
  private let combination: Combination

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    combination = Self.combinations[configuration.className] ?? .add
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let first = try call.operand(0, ["x1", "x"])
    let second = try call.operand(1, ["x2", "y"])
    let shapes = [shape(first, call), shape(second, call)]
    guard let fit = Broadcasting(shapes[0], shapes[1]), fit.outputShape.first == 1,
      fit.outputShape.count == inputRank(call)
    else {
      throw call.configuration.error(
        "has operands of \(shapeText(shapes[0])) and \(shapeText(shapes[1])), batch axis included, which don't fit together"
      )
    }
    return LayerPlan(outputs: [Array(fit.outputShape.dropFirst())], keepsMask: true) {
      [combination] batch in
      BinaryOperationKernel(
        combination: combination, first: first, second: second,
        shapes: shapes, batch: batch)
    }
  }

  /// An operand's shape for one sample, batch axis included.
  private func shape(_ operand: LayerCall.Operand, _ call: LayerCall) -> [Int] {
    switch operand {
    case .input(let place): [1] + call.inputs[place]
    case .constant(let array): array.shape
    }
  }

  /// The axes that every tensor must have, or a sample would meet another one.
  private func inputRank(_ call: LayerCall) -> Int? {
    let ranks = Set(call.inputs.map { $0.count + 1 })
    return ranks.count == 1 ? ranks.first : nil
  }
}

private struct BinaryOperationKernel: LayerKernel {
  let combination: Combination
  let first: LayerCall.Operand
  let second: LayerCall.Operand
  let broadcasting: Broadcasting?

  init(
    combination: Combination, first: LayerCall.Operand, second: LayerCall.Operand,
    shapes: [[Int]], batch: Int
  ) {
    self.combination = combination
    self.first = first
    self.second = second
    func full(_ operand: LayerCall.Operand, _ shape: [Int]) -> [Int] {
      if case .input = operand { [batch] + shape.dropFirst() } else { shape }
    }
    broadcasting = Broadcasting(full(first, shapes[0]), full(second, shapes[1]))
  }

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    func array(_ operand: LayerCall.Operand) -> FloatArray {
      switch operand {
      case .input(let place): inputs[place].array
      case .constant(let array): array
      }
    }
    guard let broadcasting else { return [] }
    return [Feature(broadcasting(combination, array(first), array(second)))]
  }
}
