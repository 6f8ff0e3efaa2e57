package import Checkpoints

/// `Rescaling`: `x scale + offset`, one number each or one a channel.
package struct Rescaling: Layer {
  package static let classNames = ["Rescaling"]
  private let scale: FloatArray
  private let offset: FloatArray

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    scale = try configuration.array("scale") ?? FloatArray([1], [1])
    offset = try configuration.array("offset") ?? FloatArray([1], [0])
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    for (name, values) in [("scale", scale), ("offset", offset)] {
      let fit = Broadcasting([1] + input, values.shape)
      guard fit?.outputShape == [1] + input else {
        throw call.configuration.error(
          "has \"\(name)\" of \(shapeText(values.shape)), which doesn't fit its input of \(shapeText(input))"
        )
      }
    }
    return LayerPlan(outputs: [input], keepsMask: true) { [scale, offset] batch in
      ScalingKernel(
        shape: [batch] + input, steps: [(.multiply, scale), (.add, offset)])
    }
  }
}

/// `Normalization` of data: `(x - mean) / max(sqrt(variance), 1e-7)`, with its moments in the
/// configuration or as weights; inverted it undoes this.
package struct FeatureNormalization: Layer {
  package static let classNames = ["Normalization"]
  private let axes: [Int]
  private let isInverted: Bool
  private let known: (mean: FloatArray, variance: FloatArray)?

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    axes = try configuration.ints("axis", default: configuration.values["axis"] == nil ? [-1] : [])
    isInverted = try configuration.bool("invert", default: false)
    if let mean = try configuration.array("mean"),
      let variance = try configuration.array("variance")
    {
      known = (mean, variance)
    } else {
      known = nil
    }
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    var kept = Set<Int>()
    for axis in axes { kept.insert(try call.configuration.axis(axis, rank: input.count + 1)) }
    guard !kept.contains(0) else { throw call.configuration.error("normalises along the batch") }
    let sizes = kept.sorted().map { input[$0 - 1] }
    let broadcast = [1] + input.indices.map { kept.contains($0 + 1) ? input[$0] : 1 }
    var steps: [(Combination, FloatArray)]?
    if let known {
      guard known.mean.count == known.variance.count,
        Broadcasting(sizes, known.mean.shape)?.outputShape == sizes
      else {
        throw call.configuration.error(
          "has a \"mean\" of \(shapeText(known.mean.shape)), which doesn't fit the axes \(axes) of its input of \(shapeText(input))"
        )
      }
      let spread = Broadcasting(sizes, known.mean.shape)
      let zero = FloatArray(sizes, [Float](repeating: 0, count: sizes.reduce(1, *)))
      steps = Self.steps(
        mean: (spread?(.add, zero, known.mean) ?? zero).reshaped(broadcast),
        variance: (spread?(.add, zero, known.variance) ?? zero).reshaped(broadcast),
        isInverted: isInverted)
    }
    let parameters =
      known != nil
      ? []
      : [
        ParameterSlot("mean", storePath: "vars/0", shape: sizes, isTrainable: false),
        ParameterSlot(
          "variance", storePath: "vars/1", shape: sizes, isTrainable: false, isVariance: true),
        ParameterSlot("count", storePath: "vars/2", shape: [], isTrainable: false),
      ]
    return LayerPlan(outputs: [input], parameters: parameters, keepsMask: true) {
      [isInverted, steps] batch in
      ScalingKernel(
        shape: [batch] + input, steps: steps ?? [], momentsShape: steps == nil ? broadcast : nil,
        isInverted: isInverted)
    }
  }

  /// What is done to the data: minus the mean and by the deviation, or back.
  fileprivate static func steps(
    mean: FloatArray, variance: FloatArray, isInverted: Bool
  ) -> [(Combination, FloatArray)] {
    let deviation = FloatArray(
      variance.shape, variance.elements.map { max($0.squareRoot(), 1e-7) })
    return isInverted
      ? [(.multiply, deviation), (.add, mean)] : [(.subtract, mean), (.divide, deviation)]
  }
}

/// Combines the input with arrays, one after the other.
private struct ScalingKernel: LayerKernel {
  let shape: [Int]
  let steps: [(Combination, FloatArray)]
  /// The broadcast shape of mean and variance, where they are the layer's weights.
  var momentsShape: [Int]?
  var isInverted = false

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    var steps = steps
    if let momentsShape {
      steps = FeatureNormalization.steps(
        mean: weights[0].reshaped(momentsShape), variance: weights[1].reshaped(momentsShape),
        isInverted: isInverted)
    }
    var result = inputs[0].array
    for (combination, values) in steps {
      guard let broadcasting = Broadcasting(shape, values.shape) else { continue }
      result = broadcasting(combination, result, values)
    }
    return [Feature(result)]
  }
}
