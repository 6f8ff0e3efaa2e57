package import Checkpoints

/// `Concatenate`: a list of inputs side by side along an axis.
package struct Concatenate: Layer {
  package static let classNames = ["Concatenate"]
  private let axis: Int

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    axis = try configuration.int("axis", default: -1)
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    try Self.plan(call, axis: axis, takesMasks: true)
  }

  /// A concatenation of all inputs of a call along an axis, batch axis counted.
  static func plan(_ call: LayerCall, axis: Int, takesMasks: Bool) throws(CheckpointError)
    -> LayerPlan
  {
    guard let first = call.inputs.first else {
      throw call.configuration.error("is called without an input")
    }
    let place = try call.configuration.axis(axis, rank: first.count + 1) - 1
    guard place >= 0 else { throw call.configuration.error("joins its inputs along the batch") }
    var output = first
    output[place] = 0
    for shape in call.inputs {
      guard shape.count == first.count,
        shape.indices.allSatisfy({ $0 == place || shape[$0] == first[$0] })
      else {
        throw call.configuration.error(
          "has inputs of \(shapeText(first)) and \(shapeText(shape)), which don't fit together")
      }
      output[place] += shape[place]
    }
    let isMasked = call.areMasked.contains(true)
    guard !isMasked || takesMasks && first.count == 2 else {
      throw call.configuration.error(
        "has an input of \(shapeText(first)) with a mask, which isn't supported",
        remedy: "masked sequences of features can be joined, by the layer Concatenate")
    }
    let inner = first[(place + 1)...].reduce(1, *)
    let widths = call.inputs.map { $0[place] * inner }
    let outer = first[..<place].reduce(1, *)
    return LayerPlan(outputs: [output], makesMask: isMasked, isExact: true) {
      [output, inputs = call.inputs] batch in
      ConcatenationKernel(
        rows: batch * outer, widths: widths, shape: [batch] + output,
        steps: isMasked ? inputs.map { $0[0] } : nil, joinsSteps: place == 0)
    }
  }
}

private struct ConcatenationKernel: LayerKernel {
  let rows: Int
  /// The values of each input that stand together.
  let widths: [Int]
  let shape: [Int]
  /// The length of each input's sequence; nil without masks.
  let steps: [Int]?
  /// Whether sequences are joined, and not their features.
  let joinsSteps: Bool

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    let result = FloatArray(shape)
    let total = widths.reduce(0, +)
    Threads.forEachRange(of: rows, grain: max(1, (1 << 14) / max(total, 1))) { range in
      for row in range {
        var start = row * total
        for (input, width) in zip(inputs, widths) {
          let values = unsafe input.array.values(row * width..<(row + 1) * width)
          _ = unsafe result.target(start..<start + width).update(fromContentsOf: values)
          start += width
        }
      }
    }
    return [Feature(result, mask: steps.map { mask(inputs, $0) })]
  }

  /// As Keras has it: an input without a mask counts everywhere, and a position where any of its features
  /// counts.
  private func mask(_ inputs: [Feature], _ steps: [Int]) -> FloatArray {
    let result = FloatArray([shape[0], shape[1]], [])
    for sample in 0..<shape[0] {
      var start = sample * shape[1]
      for (input, steps) in zip(inputs, steps) {
        for step in 0..<steps {
          let counts =
            input.mask.map { unsafe $0.pointer[sample * steps + step] != 0 } ?? true
          if counts { unsafe result.pointer[start + step] = 1 }
        }
        if joinsSteps { start += steps }
      }
    }
    return result
  }
}
