package import Checkpoints

/// `PReLU`: `x > 0 ? x : alpha x`; `alpha` has the input's shape, an axis of 1 where it is shared.
package struct PReLU: Layer {
  package static let classNames = ["PReLU"]
  private let sharedAxes: [Int]

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    sharedAxes = try configuration.ints("shared_axes", default: [])
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    var shape = input
    for axis in sharedAxes {
      guard (1...max(1, input.count)).contains(axis), !input.isEmpty else {
        throw call.configuration.error(
          "has the shared axis \(axis), but its input is \(shapeText(input))")
      }
      shape[axis - 1] = 1
    }
    let parameter = ParameterSlot("alpha", storePath: "vars/0", shape: shape)
    return LayerPlan(outputs: [input], parameters: [parameter], keepsMask: true) { [shape] batch in
      WeightedKernel(Broadcasting([batch] + input, shape), .leak)
    }
  }
}

/// Combines each value with a weight that is broadcast.
struct WeightedKernel: LayerKernel {
  private let broadcasting: Broadcasting?
  private let combination: Combination

  init(_ broadcasting: Broadcasting?, _ combination: Combination) {
    self.broadcasting = broadcasting
    self.combination = combination
  }

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    guard let broadcasting else { return [inputs[0]] }
    return [Feature(broadcasting(combination, inputs[0].array, weights[0]))]
  }
}

/// `LayerScale` of the ConvNeXt models of keras.applications: `x variable` along the last axis.
package struct LayerScale: Layer {
  package static let classNames = ["LayerScale"]

  package init(_ configuration: LayerConfiguration) {}

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    let width = try call.configuration.int("projection_dim")
    guard let depth = input.last, depth == width else {
      throw call.configuration.error(
        "has \(width) weights, but its input is \(shapeText(input))")
    }
    let parameter = ParameterSlot("variable", storePath: "vars/0", shape: [width])
    return LayerPlan(outputs: [input], parameters: [parameter]) { batch in
      WeightedKernel(Broadcasting([batch] + input, [width]), .multiply)
    }
  }
}
