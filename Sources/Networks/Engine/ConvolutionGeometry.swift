internal import Checkpoints

/// The sizes of a convolution or pooling over 1 to 3 spatial axes.
struct ConvolutionGeometry: Sendable {
  /// The samples.
  var batch: Int
  /// Channels that come in and go out.
  var channels: (input: Int, output: Int)
  /// Groups of channels that don't see each other.
  var groups = 1
  /// Whether the channels stand before the spatial axes.
  var isChannelsFirst: Bool
  /// One entry a spatial axis.
  var axes: [Axis]

  /// One spatial axis.
  struct Axis: Sendable {
    var input: Int
    var output: Int
    var kernel: Int
    var stride: Int
    var dilation: Int
    var padding: (before: Int, after: Int)
  }

  /// The array's shape as it is stored.
  func shape(_ spatial: KeyPath<Axis, Int>, channels: Int) -> [Int] {
    let sizes = axes.map { $0[keyPath: spatial] }
    return [batch] + (isChannelsFirst ? [channels] + sizes : sizes + [channels])
  }

  var inputShape: [Int] { shape(\.input, channels: channels.input) }
  var outputShape: [Int] { shape(\.output, channels: channels.output) }

  /// A feature for oneDNN, whose logical order is always batch, channels, spatial.
  func layout(_ spatial: KeyPath<Axis, Int>, channels: Int) throws(CheckpointError)
    -> MemoryLayoutDescription
  {
    let sizes = axes.map { $0[keyPath: spatial] }
    let logical = [batch, channels] + sizes
    if isChannelsFirst { return try MemoryLayoutDescription(logical) }
    var strides = [Int](repeating: 0, count: logical.count)
    var step = channels
    for axis in axes.indices.reversed() {
      strides[2 + axis] = step
      step *= max(sizes[axis], 1)
    }
    strides[0] = step
    strides[1] = 1
    return try MemoryLayoutDescription(logical, strides: strides)
  }

  var strides: [Int64] { axes.map { Int64($0.stride) } }
  var kernel: [Int64] { axes.map { Int64($0.kernel) } }
  /// oneDNN counts the gaps: 0 for a plain convolution.
  var dilations: [Int64] { axes.map { Int64($0.dilation - 1) } }
  var paddingBefore: [Int64] { axes.map { Int64($0.padding.before) } }
  var paddingAfter: [Int64] { axes.map { Int64($0.padding.after) } }
}

/// How Keras pads.
enum Padding: String, Sendable {
  case valid, same, causal

  /// The output's size and the padding of one axis; nil where no window fits.
  func apply(
    input: Int, kernel: Int, stride: Int, dilation: Int
  ) -> ConvolutionGeometry.Axis? {
    guard kernel > 0, stride > 0, dilation > 0, input > 0 else { return nil }
    let (span, overflow) = (kernel - 1).multipliedReportingOverflow(by: dilation)
    guard !overflow, span < Int.max / 4 else { return nil }
    let window = span + 1
    var padding = (before: 0, after: 0)
    let output: Int
    switch self {
    case .valid:
      guard input >= window else { return nil }
      output = (input - window) / stride + 1
    case .same:
      output = (input + stride - 1) / stride
      let total = max((output - 1) * stride + window - input, 0)
      padding = (total / 2, total - total / 2)
    case .causal:
      padding = (window - 1, 0)
      output = (input - 1) / stride + 1
    }
    return ConvolutionGeometry.Axis(
      input: input, output: output, kernel: kernel, stride: stride, dilation: dilation,
      padding: padding)
  }
}

extension LayerConfiguration {
  /// Whether channels stand before the spatial axes.
  func isChannelsFirst() throws(CheckpointError) -> Bool {
    let format = try string("data_format", default: "channels_last")
    guard ["channels_first", "channels_last"].contains(format) else {
      throw error("has the data format \"\(format)\", which Keras doesn't have")
    }
    return format == "channels_first"
  }

  /// How the layer pads.
  func padding() throws(CheckpointError) -> Padding {
    let name = try string("padding", default: "valid")
    guard let padding = Padding(rawValue: name.lowercased()) else {
      throw error("pads \"\(name)\", which Keras doesn't do")
    }
    return padding
  }

  /// The spatial sizes and channels of an input of `rank` spatial axes.
  ///
  /// - Throws: ``CheckpointError`` where the input has another number of axes.
  func spatial(
    _ input: [Int], rank: Int, isChannelsFirst: Bool
  ) throws(CheckpointError) -> (sizes: [Int], channels: Int) {
    guard input.count == rank + 1 else {
      throw error("takes \(rank + 1) axes behind the batch, but its input is \(shapeText(input))")
    }
    return isChannelsFirst
      ? (Array(input.dropFirst()), input[0]) : (Array(input.dropLast()), input[rank])
  }
}
