package import Checkpoints

/// `LayerNormalization`, `RMSNormalization` and `UnitNormalization`: over one or several axes of each sample.
///
/// `gamma` and `beta`, or `scale`, of the shape of these axes.
package struct LayerNormalization: Layer {
  package static let classNames = [
    "LayerNormalization", "RMSNormalization", "UnitNormalization",
  ]
  private let axes: [Int]
  private let epsilon: Double
  private let kind: RowNormalization.Kind
  /// The weights' names: a factor, then a summand.
  private let names: [String]

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    axes = try configuration.ints("axis", default: [-1])
    switch configuration.className {
    case "UnitNormalization":
      (kind, names, epsilon) = (.unit, [], 1e-12)
    case "RMSNormalization":
      (kind, names) = (.magnitude, ["scale"])
      epsilon = try configuration.double("epsilon", default: 1e-6)
    default:
      // Keras calls it RMS scaling, but divides by the deviation.
      let isScaling = try configuration.bool("rms_scaling", default: false)
      let hasScale = try configuration.bool("scale", default: true) || isScaling
      let hasCenter = try configuration.bool("center", default: true) && !isScaling
      kind = isScaling ? .deviation : .moments
      names = (hasScale ? ["gamma"] : []) + (hasCenter ? ["beta"] : [])
      epsilon = try configuration.double("epsilon", default: 1e-3)
    }
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    var places: [Int] = []
    for axis in axes.sorted() {
      places.append(try call.configuration.axis(axis, rank: input.count + 1))
    }
    guard let first = places.first, first > 0, Set(places).count == places.count,
      places == places.sorted()
    else {
      throw call.configuration.error(
        "normalises along \"axis\" \(axes); axes behind the batch, counted alike, are supported")
    }
    let sizes = places.map { input[$0 - 1] }
    let parameters = names.enumerated().map { number, name in
      ParameterSlot(name, storePath: "vars/\(number)", shape: sizes)
    }
    let order = (0...input.count).filter { !places.contains($0) } + places
    return LayerPlan(
      outputs: [input], parameters: parameters, keepsMask: keepsMask(call.configuration)
    ) { [kind, epsilon, names] batch in
      RowNormalization(
        kind: kind, epsilon: epsilon,
        transposition: order == order.sorted()
          ? nil : Transposition([batch] + input, order: order),
        shape: [batch] + input, width: sizes.reduce(1, *),
        hasScale: names.contains("gamma") || names.contains("scale"),
        hasCenter: names.contains("beta"))
    }
  }

  /// Keras's RMS normalisation alone doesn't hand masks on.
  private func keepsMask(_ configuration: LayerConfiguration) -> Bool {
    configuration.className != "RMSNormalization"
  }
}

/// `GroupNormalization`: over the positions and neighbouring channels of each sample; `gamma`, `beta` (channels).
package struct GroupNormalization: Layer {
  package static let classNames = ["GroupNormalization"]
  private let groups: Int
  private let axis: Int
  private let epsilon: Double
  private let hasScale: Bool
  private let hasCenter: Bool

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    groups = try configuration.int("groups", default: 32)
    axis = try configuration.int("axis", default: -1)
    epsilon = try configuration.double("epsilon", default: 1e-3)
    hasScale = try configuration.bool("scale", default: true)
    hasCenter = try configuration.bool("center", default: true)
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    let place = try call.configuration.axis(axis, rank: input.count + 1)
    guard place > 0 else { throw call.configuration.error("normalises along the batch") }
    let channels = input[place - 1]
    let count = groups == -1 ? channels : groups
    guard count > 0, channels.isMultiple(of: count) else {
      throw call.configuration.error(
        "has \"groups\" \(groups), which don't divide its \(channels) channels")
    }
    let names = (hasScale ? ["gamma"] : []) + (hasCenter ? ["beta"] : [])
    let parameters = names.enumerated().map { number, name in
      ParameterSlot(name, storePath: "vars/\(number)", shape: [channels])
    }
    // The channels come right behind the batch: then a group's values lie together.
    let order = [0, place] + (1...input.count).filter { $0 != place }
    let positions = input.reduce(1, *) / max(channels, 1)
    return LayerPlan(outputs: [input], parameters: parameters, keepsMask: true) {
      [epsilon, hasScale, hasCenter] batch in
      RowNormalization(
        kind: .moments, epsilon: epsilon,
        transposition: place == 1 ? nil : Transposition([batch] + input, order: order),
        shape: [batch] + input, width: channels / count * positions, cycle: count,
        sharing: positions, hasScale: hasScale, hasCenter: hasCenter)
    }
  }
}
