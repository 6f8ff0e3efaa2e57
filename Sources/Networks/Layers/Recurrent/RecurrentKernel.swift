internal import Checkpoints

/// Computes a ``RecurrentSequence``: each cell over all steps, then the next over its outputs.
///
/// That is the same as all cells step by step, because a cell sees of the one before it only the output of
/// the same step.
struct RecurrentKernel: Sendable {
  private let sequence: RecurrentSequence
  private let passes: [RecurrentPass]
  private let batch: Int
  private let steps: Int

  init(
    _ sequence: RecurrentSequence, batch: Int, steps: Int, depth: Int
  ) throws(CheckpointError) {
    self.sequence = sequence
    self.batch = batch
    self.steps = steps
    passes = try sequence.passes(batch: batch, steps: steps, depth: depth)
  }

  /// The number of weights in Keras's order.
  var parameterCount: Int { sequence.cells.reduce(0) { $0 + ($1.hasBias ? 3 : 2) } }

  /// The number of arrays that ``pack(_:)`` gives.
  var weightCount: Int { passes.reduce(0) { $0 + $1.weightCount } }

  func pack(_ parameters: ArraySlice<FloatArray>) throws(CheckpointError) -> [FloatArray] {
    var rest = parameters
    var result: [FloatArray] = []
    for pass in passes {
      let count = pass.cell.hasBias ? 3 : 2
      result += try pass.pack(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    return result
  }

  /// The output, of all steps or of the last, and the states where they are wanted.
  func run(
    _ input: FloatArray, mask: FloatArray?, states: [FloatArray]?, weights: ArraySlice<FloatArray>
  ) throws(CheckpointError) -> [FloatArray] {
    if let mask, mask.shape != [batch, steps] {
      throw CheckpointError(
        .unusable, subject: nil, fact: "a mask of shape \(mask.shape) doesn't fit \(steps) steps")
    }
    var rest = weights
    var outputs = input
    var mask = mask
    var isBackward = sequence.isBackward
    var last: [FloatArray] = []
    for (number, pass) in passes.enumerated() {
      let isLast = number == passes.count - 1
      (outputs, last) = try pass.run(
        outputs, mask: mask, states: states, weights: Array(rest.prefix(pass.weightCount)),
        isBackward: isBackward, zeroesMasked: isLast && sequence.zeroesMasked)
      rest = rest.dropFirst(pass.weightCount)
      // The outputs are in the order of computation already.
      if isBackward { mask = mask?.reversed(width: 1) }
      isBackward = false
    }
    let result = sequence.returnsSequences ? outputs : outputs.lastStep
    return [result] + (sequence.returnsState ? last : [])
  }
}

extension FloatArray {
  /// The same sequences (batch, steps, …) with `width` elements a step, the last step first.
  func reversed(width: Int) -> FloatArray {
    let result = FloatArray(shape)
    let steps = shape[1]
    for row in 0..<shape[0] * steps {
      let place = row / steps * steps + steps - 1 - row % steps
      _ = unsafe result.target(place * width..<(place + 1) * width).update(
        fromContentsOf: values(row * width..<(row + 1) * width))
    }
    return result
  }

  /// The last step of sequences (batch, steps, width).
  fileprivate var lastStep: FloatArray {
    let (steps, width) = (shape[1], shape[2])
    let result = FloatArray([shape[0], width])
    for sample in 0..<shape[0] {
      let start = (sample * steps + steps - 1) * width
      _ = unsafe result.target(sample * width..<(sample + 1) * width).update(
        fromContentsOf: values(start..<start + width))
    }
    return result
  }
}
