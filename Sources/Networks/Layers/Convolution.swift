package import Checkpoints

/// `Conv1D`, `Conv2D`, `Conv3D`: `activation(x * W + b)`; `kernel` (spatial…, in / groups, filters), `bias` (filters).
package struct Convolution: Layer {
  package static let classNames = [
    "Conv1D", "Conv2D", "Conv3D", "Convolution1D", "Convolution2D", "Convolution3D",
  ]
  package let activation: Activation?
  private let settings: ConvolutionSettings
  private let filters: Int
  private let groups: Int

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    settings = try ConvolutionSettings(configuration)
    filters = try configuration.int("filters")
    groups = try configuration.int("groups", default: 1)
    activation = try .reading(configuration["activation"], of: configuration)
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let (axes, channels) = try settings.axes(for: try call.onlyInput(), call.configuration)
    guard groups > 0, filters > 0, channels.isMultiple(of: groups), filters.isMultiple(of: groups)
    else {
      throw call.configuration.error(
        "has \(groups) groups for \(channels) channels and \(filters) filters, which they don't divide"
      )
    }
    let geometry = ConvolutionGeometry(
      batch: 1, channels: (channels, filters), groups: groups,
      isChannelsFirst: settings.isChannelsFirst, axes: axes)
    let kernel = settings.kernel + [channels / groups, filters]
    let layout = ConvolutionPrimitive.KernelLayout(
      group: filters / groups, output: 1, input: filters,
      spatial: ConvolutionPrimitive.KernelLayout.spatialSteps(
        settings.kernel, channels / groups, filters))
    return settings.plan(geometry, kernel: kernel, name: "kernel", layout: layout, call)
  }
}

/// `DepthwiseConv1D`, `DepthwiseConv2D`: each channel by itself; `kernel` (spatial…, in, multiplier), `bias` (in · multiplier).
package struct DepthwiseConvolution: Layer {
  package static let classNames = ["DepthwiseConv1D", "DepthwiseConv2D"]
  package let activation: Activation?
  private let settings: ConvolutionSettings
  private let multiplier: Int

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    settings = try ConvolutionSettings(configuration)
    multiplier = try configuration.int("depth_multiplier", default: 1)
    activation = try .reading(configuration["activation"], of: configuration)
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let (axes, channels) = try settings.axes(for: try call.onlyInput(), call.configuration)
    let geometry = ConvolutionGeometry(
      batch: 1, channels: (channels, channels * multiplier), groups: channels,
      isChannelsFirst: settings.isChannelsFirst, axes: axes)
    // Keras 2 called it depthwise_kernel; the file's order is the same.
    return settings.plan(
      geometry, kernel: settings.kernel + [channels, multiplier], name: "kernel",
      layout: .depthwise(settings.kernel, channels: channels, multiplier: multiplier), call)
  }
}

extension ConvolutionPrimitive.KernelLayout {
  /// A kernel of shape (spatial…, channels, multiplier).
  static func depthwise(_ kernel: [Int], channels: Int, multiplier: Int) -> Self {
    Self(
      group: multiplier, output: 1, input: multiplier,
      spatial: spatialSteps(kernel, channels, multiplier))
  }
}

/// What all convolutions are set by.
struct ConvolutionSettings: Sendable {
  /// The number of spatial axes.
  let rank: Int
  let kernel: [Int]
  let strides: [Int]
  let dilation: [Int]
  let padding: Padding
  let isChannelsFirst: Bool
  let hasBias: Bool

  /// Reads the settings; the class's name tells the number of axes.
  init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    rank =
      configuration.className.contains("1D") ? 1 : configuration.className.contains("3D") ? 3 : 2
    kernel = try configuration.ints("kernel_size", count: rank)
    strides = try configuration.ints(
      "strides", count: rank, default: [Int](repeating: 1, count: rank))
    dilation = try configuration.ints(
      "dilation_rate", count: rank, default: [Int](repeating: 1, count: rank))
    padding = try configuration.padding()
    isChannelsFirst = try configuration.isChannelsFirst()
    hasBias = try configuration.bool("use_bias", default: true)
  }

  /// The spatial axes and the channels for an input.
  ///
  /// - Throws: ``CheckpointError`` where no window fits or the input has another number of axes.
  func axes(
    for input: [Int], _ configuration: LayerConfiguration
  ) throws(CheckpointError) -> (axes: [ConvolutionGeometry.Axis], channels: Int) {
    let (sizes, channels) = try configuration.spatial(
      input, rank: rank, isChannelsFirst: isChannelsFirst)
    var axes: [ConvolutionGeometry.Axis] = []
    for place in sizes.indices {
      guard
        let axis = padding.apply(
          input: sizes[place], kernel: kernel[place], stride: strides[place],
          dilation: dilation[place])
      else {
        throw configuration.error(
          "has a window of \(shapeText(kernel)), which doesn't fit into its input of \(shapeText(input))"
        )
      }
      axes.append(axis)
    }
    return (axes, channels)
  }

  /// The plan of a layer that is one convolution.
  func plan(
    _ geometry: ConvolutionGeometry, kernel: [Int], name: String,
    layout: ConvolutionPrimitive.KernelLayout, isTransposed: Bool = false, _ call: LayerCall
  ) -> LayerPlan {
    var parameters = [ParameterSlot(name, storePath: "vars/0", shape: kernel)]
    if hasBias {
      parameters.append(
        ParameterSlot("bias", storePath: "vars/1", shape: [geometry.channels.output]))
    }
    return LayerPlan(
      outputs: [Array(geometry.outputShape.dropFirst())], parameters: parameters
    ) { batch throws(CheckpointError) in
      var geometry = geometry
      geometry.batch = batch
      return ConvolutionKernel(
        convolution: try ConvolutionPrimitive(
          geometry, kernel: layout, hasBias: hasBias, isTransposed: isTransposed,
          activation: call.activation))
    }
  }
}
