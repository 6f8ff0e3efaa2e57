internal import CNetworks
package import Checkpoints

/// `GlobalAveragePooling1D` to `3D` and `GlobalMaxPooling1D` to `3D`.
///
/// An average of a masked sequence is over the positions that count.
package struct GlobalPooling: Layer {
  package static let classNames = [
    "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D",
    "GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D", "GlobalAvgPool1D",
    "GlobalAvgPool2D", "GlobalAvgPool3D", "GlobalMaxPool1D", "GlobalMaxPool2D", "GlobalMaxPool3D",
  ]
  private let rank: Int
  private let isMax: Bool
  private let keepsAxes: Bool
  private let isChannelsFirst: Bool

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    rank =
      configuration.className.contains("1D") ? 1 : configuration.className.contains("3D") ? 3 : 2
    isMax = configuration.className.hasPrefix("GlobalMax")
    keepsAxes = try configuration.bool("keepdims", default: false)
    isChannelsFirst = try configuration.isChannelsFirst()
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let (sizes, channels) = try call.configuration.spatial(
      try call.onlyInput(), rank: rank, isChannelsFirst: isChannelsFirst)
    let positions = sizes.reduce(1, *)
    guard positions > 0 else {
      throw call.configuration.error("pools over nothing: its input is empty")
    }
    let ones = [Int](repeating: 1, count: rank)
    let output = !keepsAxes ? [channels] : isChannelsFirst ? [channels] + ones : ones + [channels]
    return LayerPlan(outputs: [output]) { [isMax, isChannelsFirst] batch in
      GlobalPoolingKernel(
        isMax: isMax, isChannelsFirst: isChannelsFirst, batch: batch, positions: positions,
        channels: channels, shape: [batch] + output)
    }
  }
}

private struct GlobalPoolingKernel: LayerKernel {
  let isMax: Bool
  let isChannelsFirst: Bool
  let batch: Int
  let positions: Int
  let channels: Int
  let shape: [Int]

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    let input = inputs[0].array
    let mask = isMax ? nil : inputs[0].mask
    let result = FloatArray(shape)
    // Steps from a position and a channel to the next.
    let (step, stride) = isChannelsFirst ? (1, positions) : (channels, 1)
    Threads.forEachRange(of: batch) { samples in
      for sample in samples {
        let values = unsafe input.pointer + sample * positions * channels
        let target = unsafe result.pointer + sample * channels
        if isMax {
          unsafe ctl_global_max(values, positions, step, channels, stride, target)
        } else {
          let counts = unsafe mask.map { unsafe UnsafePointer($0.pointer + sample * positions) }
          unsafe ctl_global_mean(values, counts, positions, step, channels, stride, target)
        }
      }
    }
    return [Feature(result)]
  }
}
