package import Checkpoints

/// A network's weights, in the form in which its kernels want them.
package struct Network: Sendable {
  /// For each step of the plan, what its kernel packed.
  package private(set) var weights: [[FloatArray]]
  /// For each step, the weights as the checkpoint has them, where the kernel may have to pack them anew
  /// (BatchNorm); else empty.
  package private(set) var plain: [[FloatArray]]

  /// A network of weights.
  ///
  /// - Parameters:
  ///   - kernels: The plan and its kernels.
  ///   - parameters: Gives the weights of a layer of the graph in the order of its slots.
  /// - Throws: ``CheckpointError`` where weights can't be read or used.
  package init(
    _ kernels: NetworkKernels, parameters: (_ layer: Int) throws(CheckpointError) -> [FloatArray]
  ) throws(CheckpointError) {
    weights = kernels.plan.steps.map { _ in [] }
    plain = weights
    for place in kernels.plan.steps.indices {
      let step = kernels.plan.steps[place]
      guard !step.plan.parameters.isEmpty else { continue }
      try replace(step: place, try parameters(step.layer), kernels)
    }
  }

  private init(empty kernels: NetworkKernels) {
    weights = kernels.plan.steps.map { _ in [] }
    plain = weights
  }

  /// Several networks side by side, a layer at a time, so that the unpacked weights of one layer are all
  /// that is held besides.
  ///
  /// - Parameters:
  ///   - count: The number of networks.
  ///   - kernels: The plan and its kernels.
  ///   - parameters: Gives each network's weights of a layer.
  /// - Returns: The networks.
  /// - Throws: ``CheckpointError`` where weights can't be read or used.
  package static func sideBySide(
    _ count: Int, _ kernels: NetworkKernels,
    parameters: (_ layer: Int) throws(CheckpointError) -> [[FloatArray]]
  ) throws(CheckpointError) -> [Network] {
    var networks = [Network](repeating: Network(empty: kernels), count: count)
    var stepsOfLayer: [Int: [Int]] = [:]
    for (place, step) in kernels.plan.steps.enumerated() where !step.plan.parameters.isEmpty {
      stepsOfLayer[step.layer, default: []].append(place)
    }
    for (layer, places) in stepsOfLayer.sorted(by: { $0.key < $1.key }) {
      let sets = try parameters(layer)
      for place in places {
        for number in networks.indices {
          try networks[number].replace(step: place, sets[number], kernels)
        }
      }
    }
    return networks
  }

  /// Gives a step other weights.
  package mutating func replace(
    step: Int, _ parameters: [FloatArray], _ kernels: NetworkKernels
  ) throws(CheckpointError) {
    weights[step] = try kernels.kernels[step].pack(parameters)
    if kernels.kernels[step] is BatchNormalizationKernel { plain[step] = parameters }
  }
}
