package import Checkpoints
package import Networks

/// Several networks of one architecture, run side by side, one layer at a time.
///
/// Besides the networks themselves, a *local stream* runs each layer of one network on a construction of
/// the others' features (teacher forcing): what it makes differs from the construction of the layer's
/// outputs by what this layer alone adds. Values live until their last use; nothing grows with the depth
/// or the number of samples.
package struct Lockstep: Sendable {
  /// A network's layers on constructed inputs.
  package struct Local: Sendable {
    /// Whose layers.
    package let network: Int
    /// What they are fed with at each point of the plan, in terms of the networks' features.
    package let inputs: [LinearForm]

    /// A local stream.
    package init(network: Int, inputs: [LinearForm]) {
      self.network = network
      self.inputs = inputs
    }
  }

  /// What is known behind one layer.
  package struct Visit: Sendable {
    /// The place in the plan's `points`.
    package let point: Int
    /// Each network's output of the layer.
    package let features: [Feature]
    /// Each local stream's output of the layer; empty where the layer only moves values.
    package fileprivate(set) var local: [FloatArray] = []
    /// The values before the fused activation, where it is a step of its own.
    package fileprivate(set) var linear: Linear?

    /// The values before a fused activation.
    package struct Linear: Sendable {
      /// Each network's.
      package let features: [FloatArray]
      /// Each local stream's.
      package let local: [FloatArray]
      /// For each local stream the activation of the construction of the networks' values.
      package let activated: [FloatArray]
    }
  }

  /// The plan and what computes its steps.
  package let kernels: NetworkKernels
  /// The networks.
  package let networks: [Network]
  /// The local streams.
  package let locals: [Local]

  /// A run of networks.
  package init(_ kernels: NetworkKernels, networks: [Network], locals: [Local] = []) {
    self.kernels = kernels
    self.networks = networks
    self.locals = locals
  }

  /// Runs one batch.
  ///
  /// - Parameters:
  ///   - inputs: One array for each of the model's inputs, of as many samples as the kernels have.
  ///   - points: Whether a point is visited.
  ///   - visit: Called behind each layer.
  /// - Returns: The networks' logits.
  /// - Throws: ``CheckpointError`` where a computation fails, or what `visit` throws.
  package func run(
    _ inputs: [FloatArray], points: (Int) -> Bool = { _ in true },
    visit: (Visit) throws(CheckpointError) -> Void
  ) throws(CheckpointError) -> [FloatArray] {
    let plan = kernels.plan
    var values = [[Feature?]](
      repeating: [Feature?](repeating: nil, count: plan.shapes.count), count: networks.count)
    for number in networks.indices {
      for (value, array) in zip(plan.inputs, inputs) { values[number][value] = Feature(array) }
    }
    var next = 0
    for place in plan.steps.indices {
      let step = plan.steps[place]
      for number in networks.indices {
        let taken = step.inputs.compactMap { values[number][$0] }
        let made = try kernels.run(place, taken, of: networks[number])
        for (value, feature) in zip(step.outputs, made) { values[number][value] = feature }
      }
      if next < plan.points.count, plan.points[next].step == place {
        if points(next) { try visit(try look(next, values)) }
        next += 1
      }
      for value in released(behind: place, next) {
        for number in networks.indices { values[number][value] = nil }
      }
    }
    return values.compactMap { $0[plan.logits]?.array }
  }

  /// What a step releases, but for what the point that it belongs to still wants.
  private func released(behind place: Int, _ next: Int) -> [Int] {
    let plan = kernels.plan
    guard !locals.isEmpty else { return plan.steps[place].released }
    // Values that a layer's first step takes are wanted until the layer's last step was looked at.
    if next < plan.points.count, plan.points[next].steps.contains(place) { return [] }
    guard next > 0, plan.points[next - 1].step == place else { return plan.steps[place].released }
    return plan.points[next - 1].steps.flatMap { plan.steps[$0].released }
  }

  private func look(_ number: Int, _ values: [[Feature?]]) throws(CheckpointError) -> Visit {
    let plan = kernels.plan
    let point = plan.points[number]
    var visit = Visit(point: number, features: values.compactMap { $0[point.value] })
    let first = plan.steps[point.steps.lowerBound]
    guard !locals.isEmpty, !(first.plan.isExact && point.steps.count == 1) else { return visit }
    let splits = point.steps.count > 1
    var linear: [FloatArray] = []
    var activated: [FloatArray] = []
    for local in locals {
      let inputs = first.inputs.map { construct(local.inputs[number], values, $0) }
      let made = try kernels.run(
        point.steps.lowerBound, inputs, of: networks[local.network])
      guard splits else {
        visit.local.append(made[0].array)
        continue
      }
      let last = point.steps.upperBound
      linear.append(made[0].array)
      visit.local.append(
        try kernels.run(last, [made[0]], of: networks[local.network])[0].array)
      let constructed = construct(local.inputs[number], values, first.outputs[0])
      activated.append(
        try kernels.run(last, [constructed], of: networks[local.network])[0].array)
    }
    if splits {
      visit.linear = Visit.Linear(
        features: values.compactMap { $0[first.outputs[0]]?.array }, local: linear,
        activated: activated)
    }
    return visit
  }

  /// A construction of the networks' values at one place.
  private func construct(_ form: LinearForm, _ values: [[Feature?]], _ value: Int) -> Feature {
    var terms: [(array: FloatArray, coefficient: Double)] = []
    for term in form.terms {
      if let feature = values[term.stream][value] { terms.append((feature.array, term.factor)) }
    }
    return Feature(FloatArray.combining(terms), mask: values.first?[value]?.mask)
  }
}
