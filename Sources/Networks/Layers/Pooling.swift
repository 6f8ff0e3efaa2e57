internal import COneDNN
package import Checkpoints

/// `MaxPooling1D` to `3D` and `AveragePooling1D` to `3D`; padding takes no part in either.
package struct Pooling: Layer {
  package static let classNames = [
    "MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "AveragePooling1D", "AveragePooling2D",
    "AveragePooling3D", "MaxPool1D", "MaxPool2D", "MaxPool3D", "AvgPool1D", "AvgPool2D",
    "AvgPool3D",
  ]
  private let rank: Int
  private let isMax: Bool
  private let window: [Int]
  private let strides: [Int]
  private let padding: Padding
  private let isChannelsFirst: Bool

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    rank =
      configuration.className.contains("1D") ? 1 : configuration.className.contains("3D") ? 3 : 2
    isMax = configuration.className.hasPrefix("Max")
    window = try configuration.ints(
      "pool_size", count: rank, default: [Int](repeating: 2, count: rank))
    strides = try configuration.ints("strides", count: rank, default: window)
    padding = try configuration.padding()
    isChannelsFirst = try configuration.isChannelsFirst()
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    let (sizes, channels) = try call.configuration.spatial(
      input, rank: rank, isChannelsFirst: isChannelsFirst)
    var axes: [ConvolutionGeometry.Axis] = []
    for place in sizes.indices {
      guard
        let axis = padding.apply(
          input: sizes[place], kernel: window[place], stride: strides[place], dilation: 1)
      else {
        throw call.configuration.error(
          "has a window of \(shapeText(window)), which doesn't fit into its input of \(shapeText(input))"
        )
      }
      axes.append(axis)
    }
    let geometry = ConvolutionGeometry(
      batch: 1, channels: (channels, channels), isChannelsFirst: isChannelsFirst, axes: axes)
    return LayerPlan(outputs: [Array(geometry.outputShape.dropFirst())]) {
      [isMax] batch throws(CheckpointError) in
      var geometry = geometry
      geometry.batch = batch
      return try PoolingKernel(geometry, isMax: isMax)
    }
  }
}

private struct PoolingKernel: LayerKernel {
  private let primitive: Primitive
  private let source: MemoryLayoutDescription
  private let target: MemoryLayoutDescription
  private let shape: [Int]

  init(_ geometry: ConvolutionGeometry, isMax: Bool) throws(CheckpointError) {
    source = try geometry.layout(\.input, channels: geometry.channels.input)
    target = try geometry.layout(\.output, channels: geometry.channels.output)
    shape = geometry.outputShape
    var from = source.descriptor
    var to = target.descriptor
    var description = dnnl_pooling_v2_desc_t()
    try OneDNN.check(
      unsafe dnnl_pooling_v2_forward_desc_init(
        &description, dnnl_forward_inference,
        isMax ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding, &from, &to, geometry.strides,
        geometry.kernel, [Int64](repeating: 0, count: geometry.axes.count), geometry.paddingBefore,
        geometry.paddingAfter), "a pooling")
    primitive = try unsafe Primitive(&description, name: "a pooling")
  }

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    let result = FloatArray(shape)
    try primitive.run([
      (DNNL_ARG_SRC, source, inputs[0].array), (DNNL_ARG_DST, target, result),
    ])
    return [Feature(result)]
  }
}
