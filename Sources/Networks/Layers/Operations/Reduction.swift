package import Checkpoints

/// `keras.ops.mean`, `sum`, `max`, `min`, `any`, `all`: many values become one along axes behind the batch.
package struct Reduction: Layer {
  package static let isOperation = true
  package static let classNames = ["All", "Any", "Max", "Mean", "Min", "Sum"]
  private let kind: Kind

  /// What becomes of the values.
  enum Kind: String, Sendable {
    case mean = "Mean"
    case sum = "Sum"
    case max = "Max"
    case min = "Min"
    case any = "Any"
    case all = "All"
  }

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    kind = Kind(rawValue: configuration.className) ?? .mean
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.tensor()
    guard let axes = try call.axes("axis", place: 1, rank: input.count + 1), !axes.contains(0),
      !axes.isEmpty, Set(axes).count == axes.count
    else {
      throw call.configuration.error("has an \"axis\" that takes samples of a batch together")
    }
    let keepsAxes = call.setting("keepdims", place: 2)?.bool ?? false
    let width = axes.map { input[$0 - 1] }.reduce(1, *)
    guard width > 0 else {
      throw call.configuration.error("reduces nothing: its input is \(shapeText(input))")
    }
    let kept = (1...input.count).filter { !axes.contains($0) }
    let output =
      keepsAxes
      ? (1...input.count).map { axes.contains($0) ? 1 : input[$0 - 1] } : kept.map { input[$0 - 1] }
    let order = [0] + kept + axes.sorted()
    return LayerPlan(outputs: [output]) { [kind] batch in
      ReductionKernel(
        kind: kind,
        transposition: order == order.sorted()
          ? nil : Transposition([batch] + input, order: order), width: width,
        shape: [batch] + output)
    }
  }
}

private struct ReductionKernel: LayerKernel {
  let kind: Reduction.Kind
  let transposition: Transposition?
  let width: Int
  let shape: [Int]

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    let array = transposition.map { $0(inputs[0].array) } ?? inputs[0].array
    let result = FloatArray(shape)
    Threads.forEachRange(of: result.count, grain: max(1, (1 << 13) / width)) { rows in
      for row in rows {
        let values = unsafe array.values(row * width..<(row + 1) * width)
        unsafe result.pointer[row] = reduce(values)
      }
    }
    return [Feature(result)]
  }

  private func reduce(_ values: UnsafeBufferPointer<Float>) -> Float {
    switch kind {
    case .mean, .sum:
      var sum = 0.0
      for place in values.indices { sum += unsafe Double(values[place]) }
      return Float(kind == .mean ? sum / Double(values.count) : sum)
    case .any: return unsafe values.contains { $0 != 0 } ? 1 : 0
    case .all: return unsafe values.contains { $0 == 0 } ? 0 : 1
    case .max, .min:
      var result = unsafe values[0]
      for place in values.indices.dropFirst() {
        let value = unsafe values[place]
        // A NaN, once seen, stays.
        if value.isNaN || (kind == .max ? value > result : value < result) { result = value }
        if result.isNaN { break }
      }
      return result
    }
  }
}
