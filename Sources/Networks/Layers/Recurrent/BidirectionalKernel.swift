internal import CNetworks
internal import Checkpoints

/// Computes ``Bidirectional``.
struct BidirectionalKernel: LayerKernel {
  /// How the two outputs become one.
  enum Merge: String, Sendable {
    case concat, sum, mul, ave
  }

  let forward: RecurrentKernel
  let backward: RecurrentKernel
  /// Nil for two outputs.
  let merge: Merge?
  let returnsSequences: Bool
  let stateCount: Int
  let sources: RecurrentSources

  func pack(_ parameters: [FloatArray]) throws(CheckpointError) -> [FloatArray] {
    let count = forward.parameterCount
    return try forward.pack(parameters[..<count]) + backward.pack(parameters[count...])
  }

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    let input = inputs[sources.input].array
    let mask = sources.mask(inputs)
    let states = sources.states(inputs)
    let count = forward.weightCount
    let first = try forward.run(
      input, mask: mask, states: states.map { Array($0.prefix(stateCount)) },
      weights: weights[..<count])
    var second = try backward.run(
      input, mask: mask, states: states.map { Array($0.dropFirst(stateCount)) },
      weights: weights[count...])
    if returnsSequences { second[0] = second[0].reversed(width: second[0].shape[2]) }
    var outputs =
      merge.map { [Feature(combine(first[0], second[0], $0))] }
      ?? [Feature(first[0]), Feature(second[0])]
    if returnsSequences {
      let mask = sources.outputMask(inputs)
      for place in outputs.indices { outputs[place].mask = mask }
    }
    return outputs + (first.dropFirst() + second.dropFirst()).map { Feature($0) }
  }

  private func combine(_ first: FloatArray, _ second: FloatArray, _ merge: Merge) -> FloatArray {
    guard merge != .concat else { return first.joined(with: second) }
    let result = FloatArray(first.shape)
    if merge == .mul {
      unsafe ctl_vector_multiply(first.pointer, second.pointer, result.pointer, result.count)
    } else {
      unsafe ctl_vector_add(first.pointer, second.pointer, result.pointer, result.count)
    }
    if merge == .ave { for place in 0..<result.count { unsafe result.pointer[place] /= 2 } }
    return result
  }
}

extension FloatArray {
  /// Its rows along the last axis, each with the other's row behind it.
  fileprivate func joined(with other: FloatArray) -> FloatArray {
    let (width, otherWidth) = (shape.last ?? 0, other.shape.last ?? 0)
    let both = width + otherWidth
    let result = FloatArray(shape.dropLast() + [both])
    for row in 0..<count / max(1, width) {
      _ = unsafe result.target(row * both..<row * both + width).update(
        fromContentsOf: values(row * width..<(row + 1) * width))
      _ = unsafe result.target(row * both + width..<(row + 1) * both).update(
        fromContentsOf: other.values(row * otherWidth..<(row + 1) * otherWidth))
    }
    return result
  }
}
