package import Checkpoints

/// Every value that a network makes of one batch, so that it can go on from any layer with other values.
package struct ValueTable: Sendable {
  private var values: [Feature?]
  private let kernels: NetworkKernels

  /// Runs a network and keeps all values.
  ///
  /// - Throws: ``CheckpointError`` where a computation fails.
  package init(
    _ inputs: [FloatArray], of network: Network, _ kernels: NetworkKernels
  ) throws(CheckpointError) {
    self.kernels = kernels
    values = [Feature?](repeating: nil, count: kernels.plan.shapes.count)
    for (value, array) in zip(kernels.plan.inputs, inputs) { values[value] = Feature(array) }
    try compute(Array(kernels.plan.steps.indices), network)
  }

  private mutating func compute(_ steps: [Int], _ network: Network) throws(CheckpointError) {
    for place in steps {
      let step = kernels.plan.steps[place]
      let made = try kernels.run(place, step.inputs.compactMap { values[$0] }, of: network)
      for (value, feature) in zip(step.outputs, made) { values[value] = feature }
    }
  }

  /// A value.
  package subscript(_ value: Int) -> Feature? { values[value] }

  /// The model's logits.
  package var logits: FloatArray? { values[kernels.plan.logits]?.array }

  /// The logits when a value is another, and all that depends on it is computed anew.
  ///
  /// - Parameters:
  ///   - value: Which.
  ///   - feature: What stands in its place.
  ///   - network: Whose layers go on.
  /// - Returns: The logits; nil for a model without outputs.
  /// - Throws: ``CheckpointError`` where a computation fails.
  package func logits(
    replacing value: Int, with feature: Feature, of network: Network
  ) throws(CheckpointError) -> FloatArray? {
    var table = self
    table.values[value] = feature
    try table.compute(kernels.plan.steps(dependingOn: value), network)
    return table.logits
  }
}

extension NetworkPlan {
  /// The steps that a value takes part in, directly or through others, in order.
  package func steps(dependingOn value: Int) -> [Int] {
    var touched: Set<Int> = [value]
    var result: [Int] = []
    for (place, step) in steps.enumerated() where step.inputs.contains(where: touched.contains) {
      result.append(place)
      touched.formUnion(step.outputs)
    }
    return result
  }

  /// The bytes of all values of one sample, for one network.
  package var bytesPerSample: Int {
    shapes.map { $0.reduce(1, *) }.reduce(0, +) * MemoryLayout<Float>.stride
  }
}
