package import Checkpoints

/// `TimeDistributed`: a layer applied to each time step as if it were a sample of its own.
package struct TimeDistributed: Layer {
  package static let classNames = ["TimeDistributed"]
  private let inner: any Layer
  private let configuration: LayerConfiguration

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    self.configuration = try configuration.wrapped("layer")
    inner = try LayerKinds.make(self.configuration)
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    guard input.count >= 2 else {
      throw call.configuration.error(
        "takes time steps and features behind the batch, but its input is \(shapeText(input))")
    }
    let value = call.values[0]
    let plan = try inner.plan(
      LayerCall(
        configuration: configuration, arguments: [.value(value)], keywords: [:], values: [value],
        inputs: [Array(input.dropFirst())], areMasked: call.areMasked, activation: inner.activation)
    )
    guard plan.outputs.count == 1 else {
      throw call.configuration.error("wraps a layer of \(plan.outputs.count) outputs")
    }
    let steps = input[0]
    let parameters = plan.parameters.map {
      ParameterSlot(
        "\(configuration.name)/\($0.name)", storePath: "layer/\($0.storePath)", shape: $0.shape,
        isTrainable: $0.isTrainable, isVariance: $0.isVariance)
    }
    return LayerPlan(
      outputs: [[steps] + plan.outputs[0]], parameters: parameters, keepsMask: true,
      pureActivation: plan.pureActivation, isExact: plan.isExact
    ) { batch throws(CheckpointError) in
      TimeDistributedKernel(
        inner: try plan.makeKernel(batch * steps),
        inputShape: [batch * steps] + input.dropFirst(),
        outputShape: [batch, steps] + plan.outputs[0])
    }
  }
}

private struct TimeDistributedKernel: LayerKernel {
  let inner: any LayerKernel
  let inputShape: [Int]
  let outputShape: [Int]

  func pack(_ parameters: [FloatArray]) throws(CheckpointError) -> [FloatArray] {
    try inner.pack(parameters)
  }

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    var step = Feature(inputs[0].array.reshaped(inputShape))
    // A mask of time alone is the sequence's; what it has beyond is the steps' own.
    if let mask = inputs[0].mask, mask.shape.count > 2 {
      step.mask = mask.reshaped([mask.shape[0] * mask.shape[1]] + mask.shape.dropFirst(2))
    }
    let result = try inner.run([step], weights: weights)
    return [Feature(result[0].array.reshaped(outputShape), mask: inputs[0].mask)]
  }
}
