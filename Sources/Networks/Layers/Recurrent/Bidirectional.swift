package import Checkpoints

/// `Bidirectional`: two recurrent layers, one from the end to the beginning, and their outputs merged step by step.
package struct Bidirectional: Layer {
  package static let classNames = ["Bidirectional"]
  private let forward: RecurrentSequence
  private let backward: RecurrentSequence
  private let names: (forward: String, backward: String)
  private let merge: BidirectionalKernel.Merge?

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    let first = try configuration.wrapped("layer")
    var second: LayerConfiguration
    if configuration["backward_layer"] != nil {
      second = try configuration.wrapped("backward_layer")
    } else {
      var values = first.values
      values["go_backwards"] = .bool(!(try first.bool("go_backwards", default: false)))
      second = LayerConfiguration(name: first.name, className: first.className, values: values)
    }
    forward = try RecurrentSequence(first.zeroingMasked())
    backward = try RecurrentSequence(second.zeroingMasked())
    names = (
      first.name.prefixed("forward_"),
      configuration["backward_layer"] == nil ? second.name.prefixed("backward_") : second.name
    )
    guard forward.isBackward != backward.isBackward,
      forward.returnsSequences == backward.returnsSequences,
      forward.returnsState == backward.returnsState, forward.units == backward.units
    else { throw configuration.error("has two layers that don't fit together") }
    switch configuration.values["merge_mode"] {
    case nil: merge = .concat
    case .null?: merge = nil
    case .string(let name)?:
      guard let known = BidirectionalKernel.Merge(rawValue: name) else {
        throw configuration.error("has \"merge_mode\" \"\(name)\", which Keras doesn't have")
      }
      merge = known
    default: throw configuration.error("\"merge_mode\" isn't a text")
    }
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let sizes = [forward, backward].flatMap { layer in
      (0..<layer.stateCount).map { _ in layer.units }
    }
    let sources = try RecurrentSources(call, stateSizes: sizes)
    let (steps, depth) = (sources.steps, sources.depth)
    let output = forward.outputs(steps: steps)[0]
    let states = [forward, backward].flatMap { $0.outputs(steps: steps).dropFirst() }
    let merged: [[Int]] =
      switch merge {
      case nil: [output, output]
      case .concat: [Array(output.dropLast()) + [2 * forward.units]]
      default: [output]
      }
    return LayerPlan(
      outputs: merged + states,
      parameters: forward.slots(
        depth: depth, prefix: "\(names.forward)/", path: "forward_layer/")
        + backward.slots(depth: depth, prefix: "\(names.backward)/", path: "backward_layer/"),
      makesMask: forward.returnsSequences && call.areMasked[sources.input]
    ) { [forward, backward, merge] batch throws(CheckpointError) in
      BidirectionalKernel(
        forward: try RecurrentKernel(forward, batch: batch, steps: steps, depth: depth),
        backward: try RecurrentKernel(backward, batch: batch, steps: steps, depth: depth),
        merge: merge, returnsSequences: forward.returnsSequences,
        stateCount: forward.stateCount, sources: sources)
    }
  }
}

extension LayerConfiguration {
  /// The same layer with outputs of 0 at masked steps where it returns sequences, as Keras forces it to.
  fileprivate func zeroingMasked() throws(CheckpointError) -> LayerConfiguration {
    var values = values
    values["zero_output_for_mask"] = .bool(try bool("return_sequences", default: false))
    return LayerConfiguration(name: name, className: className, values: values)
  }
}

extension String {
  /// With a prefix, once.
  fileprivate func prefixed(_ prefix: String) -> String { hasPrefix(prefix) ? self : prefix + self }
}
