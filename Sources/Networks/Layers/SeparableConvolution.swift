package import Checkpoints

/// `SeparableConv1D`, `SeparableConv2D`: each channel by itself, then all channels of a position together.
///
/// `depthwise_kernel` (spatial…, in, multiplier), `pointwise_kernel` (1…, in · multiplier, filters),
/// `bias` (filters).
package struct SeparableConvolution: Layer {
  package static let classNames = [
    "SeparableConv1D", "SeparableConv2D", "SeparableConvolution1D", "SeparableConvolution2D",
  ]
  package let activation: Activation?
  private let settings: ConvolutionSettings
  private let filters: Int
  private let multiplier: Int

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    settings = try ConvolutionSettings(configuration)
    filters = try configuration.int("filters")
    multiplier = try configuration.int("depth_multiplier", default: 1)
    activation = try .reading(configuration["activation"], of: configuration)
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let (axes, channels) = try settings.axes(for: try call.onlyInput(), call.configuration)
    let between = channels * multiplier
    let ones = [Int](repeating: 1, count: settings.rank)
    let depthwise = ConvolutionGeometry(
      batch: 1, channels: (channels, between), groups: channels,
      isChannelsFirst: settings.isChannelsFirst, axes: axes)
    let pointwise = ConvolutionGeometry(
      batch: 1, channels: (between, filters), isChannelsFirst: settings.isChannelsFirst,
      axes: axes.map { axis in
        ConvolutionGeometry.Axis(
          input: axis.output, output: axis.output, kernel: 1, stride: 1, dilation: 1,
          padding: (0, 0))
      })
    var parameters = [
      ParameterSlot(
        "depthwise_kernel", storePath: "vars/0", shape: settings.kernel + [channels, multiplier]),
      ParameterSlot("pointwise_kernel", storePath: "vars/1", shape: ones + [between, filters]),
    ]
    if settings.hasBias {
      parameters.append(ParameterSlot("bias", storePath: "vars/2", shape: [filters]))
    }
    let shape = Array(pointwise.outputShape.dropFirst())
    return LayerPlan(
      outputs: [call.activation?.outputShape(shape) ?? shape], parameters: parameters
    ) {
      [settings, multiplier, filters] batch throws(CheckpointError) in
      var (first, second) = (depthwise, pointwise)
      (first.batch, second.batch) = (batch, batch)
      return SeparableConvolutionKernel(
        depthwise: try ConvolutionPrimitive(
          first,
          kernel: .depthwise(settings.kernel, channels: channels, multiplier: multiplier),
          hasBias: false),
        pointwise: try ConvolutionPrimitive(
          second,
          kernel: .init(
            group: 0, output: 1, input: filters,
            spatial: ConvolutionPrimitive.KernelLayout.spatialSteps(ones, between, filters)),
          hasBias: settings.hasBias, activation: call.activation))
    }
  }
}

private struct SeparableConvolutionKernel: LayerKernel {
  let depthwise: ConvolutionPrimitive
  let pointwise: ConvolutionPrimitive

  func pack(_ parameters: [FloatArray]) throws(CheckpointError) -> [FloatArray] {
    [try depthwise.pack(parameters[0]), try pointwise.pack(parameters[1])]
      + parameters.dropFirst(2)
  }

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    let between = try depthwise.run(inputs[0].array, weights: weights[0], bias: nil)
    let bias = weights.count > 2 ? weights[2] : nil
    return [Feature(try pointwise.run(between, weights: weights[1], bias: bias))]
  }
}
