package import Checkpoints

/// `SimpleRNN`, `LSTM`, `GRU`, and `RNN` around Keras's own cells.
package struct RecurrentLayer: Layer {
  package static let classNames = RecurrentSequence.classNames
  private let sequence: RecurrentSequence

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    sequence = try RecurrentSequence(configuration)
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let sources = try RecurrentSources(call, stateSizes: stateSizes)
    let (steps, depth) = (sources.steps, sources.depth)
    return LayerPlan(
      outputs: sequence.outputs(steps: steps), parameters: sequence.slots(depth: depth),
      makesMask: sequence.returnsSequences && call.areMasked[sources.input]
    ) { [sequence] batch throws(CheckpointError) in
      RecurrentLayerKernel(
        kernel: try RecurrentKernel(sequence, batch: batch, steps: steps, depth: depth),
        sources: sources, returnsSequences: sequence.returnsSequences)
    }
  }

  private var stateSizes: [Int] {
    (0..<sequence.stateCount).map { _ in sequence.units }
  }
}

private struct RecurrentLayerKernel: LayerKernel {
  let kernel: RecurrentKernel
  let sources: RecurrentSources
  let returnsSequences: Bool

  func pack(_ parameters: [FloatArray]) throws(CheckpointError) -> [FloatArray] {
    try kernel.pack(parameters[...])
  }

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    let results = try kernel.run(
      inputs[sources.input].array, mask: sources.mask(inputs), states: sources.states(inputs),
      weights: weights[...])
    var features = results.map { Feature($0) }
    if returnsSequences { features[0].mask = sources.outputMask(inputs) }
    return features
  }
}
