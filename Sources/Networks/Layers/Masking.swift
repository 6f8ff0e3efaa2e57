package import Checkpoints

/// `Masking`: positions all of whose features are `mask_value` become 0 and are marked as padding.
package struct Masking: Layer {
  package static let classNames = ["Masking"]
  private let value: Float

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    value = Float(try configuration.double("mask_value", default: 0))
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    guard input.count >= 2 else {
      throw call.configuration.error(
        "takes positions and features behind the batch, but its input is \(shapeText(input))")
    }
    return LayerPlan(outputs: [input], makesMask: true) { [value] batch in
      MaskingKernel(value: value, shape: [batch] + input)
    }
  }
}

private struct MaskingKernel: LayerKernel {
  let value: Float
  let shape: [Int]

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    let array = inputs[0].array
    let result = FloatArray(shape)
    let mask = FloatArray(Array(shape.dropLast()))
    let width = shape.last ?? 0
    Threads.forEachRange(of: mask.count, grain: max(1, (1 << 14) / max(1, width))) { range in
      for row in range {
        let source = unsafe array.values(row * width..<(row + 1) * width)
        let target = unsafe result.target(row * width..<(row + 1) * width)
        let counts = unsafe source.contains { $0 != value }
        unsafe mask.pointer[row] = counts ? 1 : 0
        if counts {
          _ = unsafe target.update(fromContentsOf: source)
        } else {
          unsafe target.update(repeating: 0)
        }
      }
    }
    return [Feature(result, mask: mask)]
  }
}
