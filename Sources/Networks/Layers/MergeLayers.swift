package import Checkpoints

/// `Add`, `Subtract`, `Multiply`, `Average`, `Maximum`, `Minimum` of a list of inputs, broadcast behind the batch.
package struct MergeLayers: Layer {
  package static let classNames = [
    "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum",
  ]
  private let combination: Combination
  private let isAverage: Bool

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    isAverage = configuration.className == "Average"
    switch configuration.className {
    case "Subtract": combination = .subtract
    case "Multiply": combination = .multiply
    case "Maximum": combination = .maximum
    case "Minimum": combination = .minimum
    default: combination = .add
    }
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    guard var output = call.inputs.first else {
      throw call.configuration.error("is called without an input")
    }
    if combination == .subtract, call.inputs.count != 2 {
      throw call.configuration.error("takes two inputs, but is called with \(call.inputs.count)")
    }
    for shape in call.inputs.dropFirst() {
      guard let fit = Broadcasting(output, shape) else {
        throw call.configuration.error(
          "has inputs of \(shapeText(output)) and \(shapeText(shape)), which don't fit together")
      }
      output = fit.outputShape
    }
    // Keras gives no mask where an input has none, and a position counts where any input's counts.
    let isMasked = call.areMasked.allSatisfy(\.self)
    let rank = output.count
    return LayerPlan(outputs: [output], makesMask: isMasked) {
      [combination, isAverage, inputs = call.inputs] batch in
      // Lower ranks gain axes behind the batch.
      let shapes = inputs.map {
        [batch] + [Int](repeating: 1, count: rank - $0.count) + $0
      }
      var steps: [Broadcasting] = []
      var shape = shapes[0]
      for next in shapes.dropFirst() {
        guard let step = Broadcasting(shape, next) else { continue }
        steps.append(step)
        shape = step.outputShape
      }
      return MergeKernel(
        combination: combination, steps: steps, shape: shape,
        divisor: isAverage ? Float(inputs.count) : nil, isMasked: isMasked)
    }
  }
}

private struct MergeKernel: LayerKernel {
  let combination: Combination
  let steps: [Broadcasting]
  let shape: [Int]
  let divisor: Float?
  let isMasked: Bool

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    var result = factor(inputs[0])
    for (step, input) in zip(steps, inputs.dropFirst()) {
      result = step(combination, result, factor(input))
    }
    if let divisor, let step = Broadcasting(shape, [1]) {
      result = step(.divide, result, FloatArray([1], [divisor]))
    }
    return [
      Feature(result.reshaped(shape), mask: isMasked ? anyOf(inputs.compactMap(\.mask)) : nil)
    ]
  }

  /// What an input counts for: Keras's product takes 1 where a position is masked.
  private func factor(_ input: Feature) -> FloatArray {
    guard combination == .multiply, let mask = input.mask, mask.count > 0 else {
      return input.array
    }
    let result = FloatArray(input.array.shape)
    let width = result.count / mask.count
    for position in 0..<mask.count {
      let range = position * width..<(position + 1) * width
      if unsafe mask.pointer[position] != 0 {
        let values = unsafe input.array.values(range)
        _ = unsafe result.target(range).update(fromContentsOf: values)
      } else {
        unsafe result.target(range).update(repeating: 1)
      }
    }
    return result
  }

  private func anyOf(_ masks: [FloatArray]) -> FloatArray? {
    guard var result = masks.first else { return nil }
    for mask in masks.dropFirst() {
      guard let step = Broadcasting(result.shape, mask.shape) else { continue }
      result = step(.maximum, result, mask)
    }
    return result
  }
}

/// `CustomScaleLayer` of the model InceptionResNetV2 of keras.applications: the first input plus `scale` times the second.
package struct CustomScale: Layer {
  package static let classNames = ["CustomScaleLayer"]
  private let scale: Double

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    scale = try configuration.double("scale")
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    guard call.inputs.count == 2, call.inputs[0] == call.inputs[1] else {
      throw call.configuration.error("takes two inputs of one shape")
    }
    return LayerPlan(outputs: [call.inputs[0]]) { [scale, shape = call.inputs[0]] batch in
      CustomScaleKernel(scale: Float(scale), shape: [batch] + shape)
    }
  }
}

private struct CustomScaleKernel: LayerKernel {
  let scale: Float
  let shape: [Int]

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    guard let scaling = Broadcasting(shape, [1]), let sum = Broadcasting(shape, shape) else {
      return []
    }
    let scaled = scaling(.multiply, inputs[1].array, FloatArray([1], [scale]))
    return [Feature(sum(.add, inputs[0].array, scaled).reshaped(shape))]
  }
}
