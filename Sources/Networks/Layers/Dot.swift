internal import CNetworks
package import Checkpoints

/// `Dot`: products of two inputs along an axis of each, which may be brought to length 1 before.
///
/// The result's axes are the first input's others, then the second's.
package struct Dot: Layer {
  package static let classNames = ["Dot"]
  private let axes: [Int]
  private let normalises: Bool

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    axes = try configuration.ints("axes", count: 2)
    normalises = try configuration.bool("normalize", default: false)
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    guard call.inputs.count == 2 else {
      throw call.configuration.error("takes two inputs, but is called with \(call.inputs.count)")
    }
    var places: [Int] = []
    for (axis, input) in zip(axes, call.inputs) {
      places.append(try call.configuration.axis(axis, rank: input.count + 1))
    }
    let depths = zip(places, call.inputs).map { $0 > 0 ? $1[$0 - 1] : 0 }
    guard depths[0] > 0, depths[0] == depths[1] else {
      throw call.configuration.error(
        "has the \"axes\" \(axes), which don't fit its inputs of \(shapeText(call.inputs[0])) and \(shapeText(call.inputs[1]))"
      )
    }
    let others = zip(places, call.inputs).map { place, input in
      input.indices.filter { $0 != place - 1 }.map { input[$0] }
    }
    let output = others[0].isEmpty && others[1].isEmpty ? [1] : others[0] + others[1]
    return LayerPlan(outputs: [output]) { [normalises, places, inputs = call.inputs] batch in
      // The axis comes last.
      let transpositions = zip(places, inputs).map { place, input in
        let order = (0...input.count).filter { $0 != place } + [place]
        return place == input.count ? nil : Transposition([batch] + input, order: order)
      }
      return DotKernel(
        transpositions: transpositions, normalises: normalises, batch: batch,
        rows: others.map { $0.reduce(1, *) }, depth: depths[0], shape: [batch] + output)
    }
  }
}

private struct DotKernel: LayerKernel {
  let transpositions: [Transposition?]
  let normalises: Bool
  let batch: Int
  /// The vectors of a sample of each input.
  let rows: [Int]
  let depth: Int
  let shape: [Int]

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    var arrays: [FloatArray] = []
    for place in 0..<2 {
      let array = transpositions[place].map { $0(inputs[place].array) } ?? inputs[place].array
      let flat = array.reshaped([batch * rows[place], depth])
      arrays.append(normalises ? try unit(flat) : flat)
    }
    let (first, second) = (arrays[0], arrays[1])
    let result = FloatArray(shape)
    Threads.forEachRange(of: batch * rows[0], grain: 16) { range in
      for row in range {
        let sample = row / rows[0]
        for column in 0..<rows[1] {
          unsafe result.pointer[row * rows[1] + column] = ctl_dot(
            first.pointer + row * depth,
            second.pointer + (sample * rows[1] + column) * depth, depth)
        }
      }
    }
    return [Feature(result)]
  }

  private func unit(_ array: FloatArray) throws(CheckpointError) -> FloatArray {
    let kernel = RowNormalization(
      kind: .unit, epsilon: 1e-12, transposition: nil, shape: array.shape, width: depth)
    return try kernel.run([Feature(array)], weights: [])[0].array
  }
}
