internal import CNetworks
package import Checkpoints

/// `BatchNormalization` at inference: `gamma (x - mean) / sqrt(variance + epsilon) + beta` along one axis.
package struct BatchNormalization: Layer {
  package static let classNames = [
    "BatchNormalization", "BatchNormalizationV1", "SyncBatchNormalization",
  ]
  private let axis: Int
  private let epsilon: Double
  private let hasScale: Bool
  private let hasCenter: Bool

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    axis = try configuration.ints("axis", count: 1, default: [-1])[0]
    epsilon = try configuration.double("epsilon", default: 1e-3)
    hasScale = try configuration.bool("scale", default: true)
    hasCenter = try configuration.bool("center", default: true)
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    guard let input = call.inputs.first else {
      throw call.configuration.error("is called without an input")
    }
    let place = try call.configuration.axis(axis, rank: input.count + 1)
    guard place > 0 else { throw call.configuration.error("normalises along the batch") }
    let channels = input[place - 1]
    var names: [(String, isTrainable: Bool)] = []
    if hasScale { names.append(("gamma", true)) }
    if hasCenter { names.append(("beta", true)) }
    names += [("moving_mean", false), ("moving_variance", false)]
    let parameters = names.enumerated().map { number, name in
      ParameterSlot(
        name.0, storePath: "vars/\(number)", shape: [channels], isTrainable: name.isTrainable,
        isVariance: name.0 == "moving_variance")
    }
    return LayerPlan(outputs: [input], parameters: parameters, keepsMask: true) { batch in
      BatchNormalizationKernel(
        hasScale: hasScale, hasCenter: hasCenter, epsilon: epsilon,
        outer: batch * input[..<(place - 1)].reduce(1, *), channels: channels,
        inner: input[place...].reduce(1, *), shape: [batch] + input,
        configuration: call.configuration)
    }
  }
}

/// A BatchNorm whose statistics can be computed anew.
package struct BatchNormalizationKernel: LayerKernel {
  let hasScale: Bool
  let hasCenter: Bool
  let epsilon: Double
  /// The values before, along and behind the channels' axis.
  package let outer: Int
  package let channels: Int
  package let inner: Int
  let shape: [Int]
  let configuration: LayerConfiguration

  /// The factor and the summand of each channel, in float64 and rounded once.
  package func pack(_ parameters: [FloatArray]) throws(CheckpointError) -> [FloatArray] {
    let gamma = hasScale ? parameters[0] : nil
    let beta = hasCenter ? parameters[hasScale ? 1 : 0] : nil
    let (mean, variance) = (parameters[parameters.count - 2], parameters[parameters.count - 1])
    let (scale, shift) = (FloatArray([channels]), FloatArray([channels]))
    for channel in 0..<channels {
      let spread = unsafe Double(variance.pointer[channel])
      guard !(spread < 0) else {
        throw CheckpointError(
          .numeric, subject: "layer \(configuration.name) (\(configuration.className))",
          fact: "channel \(channel) has the negative variance \(spread)",
          remedy: "use --bn reset with --calibrate, or --bn clamp")
      }
      let factor =
        (gamma.map { unsafe Double($0.pointer[channel]) } ?? 1)
        / (spread + epsilon).squareRoot()
      let summand =
        (beta.map { unsafe Double($0.pointer[channel]) } ?? 0)
        - (unsafe Double(mean.pointer[channel])) * factor
      unsafe scale.pointer[channel] = Float(factor)
      unsafe shift.pointer[channel] = Float(summand)
    }
    return [scale, shift]
  }

  package func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature]
  {
    let input = inputs[0].array
    let result = FloatArray(shape)
    let step = channels * inner
    Threads.forEachRange(of: outer, grain: max(1, (1 << 14) / max(step, 1))) { rows in
      unsafe ctl_scale_shift(
        input.pointer + rows.lowerBound * step, weights[0].pointer, weights[1].pointer,
        result.pointer + rows.lowerBound * step, rows.count, channels, inner)
    }
    return [Feature(result)]
  }
}
