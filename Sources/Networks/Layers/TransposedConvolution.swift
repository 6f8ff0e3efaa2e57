package import Checkpoints

/// `Conv1DTranspose` to `Conv3DTranspose`: each value spreads the kernel; `kernel` (spatial…, filters, in), `bias` (filters).
package struct TransposedConvolution: Layer {
  package static let classNames = [
    "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose", "Convolution2DTranspose",
    "Convolution3DTranspose", "Convolution1DTranspose", "Deconvolution2D", "Deconvolution3D",
  ]
  package let activation: Activation?
  private let settings: ConvolutionSettings
  private let filters: Int
  /// What is added behind each axis; nil for Keras's own choice.
  private let outputPadding: [Int]?

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    settings = try ConvolutionSettings(configuration)
    filters = try configuration.int("filters")
    outputPadding =
      configuration["output_padding"] == nil
      ? nil : try configuration.ints("output_padding", count: settings.rank)
    activation = try .reading(configuration["activation"], of: configuration)
    guard settings.padding != .causal else {
      throw configuration.error("has the padding \"causal\", which Keras doesn't have for it")
    }
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    let (sizes, channels) = try call.configuration.spatial(
      input, rank: settings.rank, isChannelsFirst: settings.isChannelsFirst)
    var axes: [ConvolutionGeometry.Axis] = []
    for place in sizes.indices {
      guard let axis = axis(place, input: sizes[place]) else {
        throw call.configuration.error(
          "has \"output_padding\" and strides that don't fit its kernel of \(shapeText(settings.kernel)) and its input of \(shapeText(input))"
        )
      }
      axes.append(axis)
    }
    let geometry = ConvolutionGeometry(
      batch: 1, channels: (channels, filters), isChannelsFirst: settings.isChannelsFirst,
      axes: axes)
    let layout = ConvolutionPrimitive.KernelLayout(
      group: 0, output: channels, input: 1,
      spatial: ConvolutionPrimitive.KernelLayout.spatialSteps(settings.kernel, filters, channels))
    return settings.plan(
      geometry, kernel: settings.kernel + [filters, channels], name: "kernel", layout: layout,
      isTransposed: true, call)
  }

  /// One axis: how much is cut before and behind the values that the kernels reach.
  ///
  /// A negative amount behind means zeros; they need no window of their own.
  private func axis(_ place: Int, input: Int) -> ConvolutionGeometry.Axis? {
    let (stride, dilation) = (settings.strides[place], settings.dilation[place])
    let kernel = settings.kernel[place]
    guard kernel > 0, stride > 0, dilation > 0, input > 0,
      kernel < 1 << 20, dilation < 1 << 20, stride < 1 << 20
    else { return nil }
    let window = (kernel - 1) * dilation + 1
    let added = outputPadding?[place]
    var cut = (before: 0, after: 0)
    switch settings.padding {
    case .same:
      // What Keras adds around the input in its view of a convolution over a spread input.
      let total =
        added.map { window + window % 2 - 2 + $0 } ?? (stride + window - 2)
      let left = min(total / 2 + total % 2, window - 1)
      cut = (window - 1 - left, window - 1 - (total - left))
    default: cut.after = -(added ?? (max(window, stride) - window))
    }
    let output = (input - 1) * stride + window - cut.before - cut.after
    guard output > 0, cut.before >= 0, -cut.after < stride else { return nil }
    return ConvolutionGeometry.Axis(
      input: input, output: output, kernel: kernel, stride: stride, dilation: dilation,
      padding: (cut.before, max(0, cut.after)))
  }
}
