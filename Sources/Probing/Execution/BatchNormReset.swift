internal import Checkpoints
internal import Networks
internal import Reporting

/// Computes BatchNorm's statistics of a network anew on a calibration set.
///
/// Layer by layer, with the layers before already reset; the mean and the variance (divisor n, as Keras's
/// training has it) of a layer's input are pooled exactly over all samples and positions, so the cutting into
/// batches doesn't matter.
struct BatchNormReset {
  /// The most memory for the values of the whole set between two layers; beyond it they are computed
  /// anew from the inputs for every BatchNorm.
  private static let budget = 1 << 30

  let kernels: NetworkKernels
  let data: Dataset

  /// Resets a network.
  ///
  /// - Throws: ``CheckpointError`` where the data can't be read or a computation fails.
  func apply(to network: inout Network) throws(CheckpointError) {
    let plan = kernels.plan
    let places = plan.steps.indices.filter { kernels.kernels[$0] is BatchNormalizationKernel }
    let batches = stride(from: 0, to: data.count, by: kernels.batch).map {
      $0..<min($0 + kernels.batch, data.count)
    }
    let keeps = plan.liveBytesPerSample * kernels.batch * batches.count <= Self.budget
    var reader = data.makeReader()
    var kept = [PrefixRun?](repeating: nil, count: batches.count)
    for place in places {
      guard let kernel = kernels.kernels[place] as? BatchNormalizationKernel else { continue }
      var moments = ChannelMoments(channels: kernel.channels)
      for (number, samples) in batches.enumerated() {
        var run: PrefixRun
        if let known = kept[number] {
          run = known
          kept[number] = nil
        } else {
          let batch = try reader.read(samples)
          try batch.requireFiniteInputs(of: data.file)
          run = PrefixRun(kernels, inputs: batch.arrays(kernels))
        }
        try run.advance(to: place, network, kernels)
        let input = run.value(plan.steps[place].inputs[0])
        if let input { add(input.array, samples: samples.count, kernel, to: &moments) }
        if keeps { kept[number] = run }
      }
      var parameters = network.plain[place]
      let mean = FloatArray([kernel.channels], moments.means.map { Float($0) })
      let variance = FloatArray([kernel.channels], moments.variances.map { Float($0) })
      parameters.replaceSubrange(parameters.count - 2..<parameters.count, with: [mean, variance])
      try network.replace(step: place, parameters, kernels)
    }
  }

  /// Takes a batch of a BatchNorm's input; samples that only fill it up don't count.
  private func add(
    _ array: FloatArray, samples: Int, _ kernel: BatchNormalizationKernel,
    to moments: inout ChannelMoments
  ) {
    var array = array
    if kernel.inner > 1 { array = array.channelsLast(kernel.outer, kernel.channels, kernel.inner) }
    let count = array.count / kernels.batch * samples
    unsafe moments.add(array.values(0..<count), parallel: onAllThreads)
  }
}

/// A batch on its way through a network, one stretch of steps after the other.
private struct PrefixRun {
  private var values: [Feature?]
  private var next = 0

  init(_ kernels: NetworkKernels, inputs: [FloatArray]) {
    values = [Feature?](repeating: nil, count: kernels.plan.shapes.count)
    for (value, array) in zip(kernels.plan.inputs, inputs) { values[value] = Feature(array) }
  }

  func value(_ place: Int) -> Feature? { values[place] }

  /// Computes all steps before one.
  mutating func advance(
    to end: Int, _ network: Network, _ kernels: NetworkKernels
  ) throws(CheckpointError) {
    while next < end {
      let step = kernels.plan.steps[next]
      let made = try kernels.run(next, step.inputs.compactMap { values[$0] }, of: network)
      for (value, feature) in zip(step.outputs, made) { values[value] = feature }
      for value in step.released { values[value] = nil }
      next += 1
    }
  }
}

extension Batch {
  /// Checks the samples: a layer such as ReLU hides a NaN, and the result would look sound.
  ///
  /// - Throws: ``CheckpointError`` of kind `numeric` that names the first sample with one.
  func requireFiniteInputs(of file: InputFile) throws(CheckpointError) {
    for values in inputs {
      guard let place = values.firstIndex(where: { !$0.isFinite }) else { continue }
      let size = max(1, values.count / max(1, samples.count))
      throw CheckpointError(
        .numeric, file: file.name, subject: "sample \(samples.lowerBound + place / size)",
        fact: "holds NaN or infinity", remedy: "leave the sample out, or use --limit")
    }
  }

  /// The inputs as arrays of as many samples as the kernels take; samples behind the last are zeros.
  func arrays(_ kernels: NetworkKernels) -> [FloatArray] {
    zip(kernels.plan.inputs, inputs).map { value, values in
      FloatArray([kernels.batch] + kernels.plan.shapes[value], values)
    }
  }
}
