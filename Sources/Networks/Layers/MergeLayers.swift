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
    let choosesByMask = combination == .maximum || combination == .minimum
    if choosesByMask, call.areMasked.contains(true),
      !call.inputs.allSatisfy({ $0 == call.inputs[0] })
    {
      throw call.configuration.error(
        "has inputs of different shapes with a mask, which isn't supported",
        remedy: "bring the inputs to one shape before")
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
    let choosesByMask = combination == .maximum || combination == .minimum
    var result = factor(inputs[0])
    // Where the result so far counts; nil for everywhere.
    var counts = inputs[0].mask
    for (step, input) in zip(steps, inputs.dropFirst()) {
      var next = factor(input)
      if choosesByMask {
        // As Keras has it: what is masked on one side takes the other's value.
        next = Self.values(of: next, where: input.mask) { result }
        result = Self.values(of: result, where: counts) { next }
        counts = counts == nil || input.mask == nil ? nil : anyOf([counts, input.mask])
      }
      result = step(combination, result, next)
    }
    if let divisor, let step = Broadcasting(shape, [1]) {
      result = step(.divide, result, FloatArray([1], [divisor]))
    }
    let mask = isMasked ? anyOf(inputs.map(\.mask)) : nil
    if combination == .multiply { result = Self.values(of: result, where: mask, otherwise: 0) }
    return [Feature(result.reshaped(shape), mask: mask)]
  }

  /// What an input counts for: Keras's product takes 1 where a position is masked.
  private func factor(_ input: Feature) -> FloatArray {
    combination == .multiply
      ? Self.values(of: input.array, where: input.mask, otherwise: 1) : input.array
  }

  /// Values at the positions that count, and another array's of the same shape at the others.
  private static func values(
    of array: FloatArray, where mask: FloatArray?, else other: () -> FloatArray
  ) -> FloatArray {
    guard let mask, mask.count > 0 else { return array }
    let other = other()
    return choosing(array, mask) { result, range in
      _ = unsafe result.target(range).update(fromContentsOf: other.values(range))
    }
  }

  /// Values at the positions that count, and a number at the others.
  private static func values(
    of array: FloatArray, where mask: FloatArray?, otherwise number: Float
  ) -> FloatArray {
    guard let mask, mask.count > 0 else { return array }
    return choosing(array, mask) { result, range in
      unsafe result.target(range).update(repeating: number)
    }
  }

  private static func choosing(
    _ array: FloatArray, _ mask: FloatArray,
    _ fill: (_ result: FloatArray, _ position: Range<Int>) -> Void
  ) -> FloatArray {
    let result = FloatArray(array.shape)
    let width = result.count / mask.count
    for position in 0..<mask.count {
      let range = position * width..<(position + 1) * width
      if unsafe mask.pointer[position] != 0 {
        _ = unsafe result.target(range).update(fromContentsOf: array.values(range))
      } else {
        fill(result, range)
      }
    }
    return result
  }

  /// Where any input counts.
  private func anyOf(_ masks: [FloatArray?]) -> FloatArray? {
    let masks = masks.compactMap(\.self)
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
