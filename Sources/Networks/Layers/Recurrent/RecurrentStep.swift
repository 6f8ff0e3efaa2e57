internal import CNetworks
internal import Checkpoints

/// What a cell does with the projected input and the product of the state, for all samples of a batch.
struct RecurrentStep: Sendable {
  /// `(r h) R_h` of a GRU that resets before the product, else nil.
  let candidateProduct: MatrixProduct?
  private let cell: RecurrentCell
  private let batch: Int
  /// From a sample's projected input to the next sample's.
  private let inputStep: Int
  private let gates: ActivationApplication?
  private let candidate: ActivationApplication?

  init(_ cell: RecurrentCell, batch: Int, inputStep: Int) throws(CheckpointError) {
    self.cell = cell
    self.batch = batch
    self.inputStep = inputStep
    let gateCount = cell.kind == .lstm ? 3 : cell.gateCount - 1
    gates =
      cell.kind == .simple
      ? nil : try cell.gateActivation?.makeApplication([gateCount, batch, cell.units])
    candidate = try cell.activation?.makeApplication([batch, cell.units])
    candidateProduct =
      cell.kind == .gru(resetsAfter: false)
      ? try MatrixProduct(rows: batch, depth: cell.units, columns: cell.units, hasBias: false) : nil
  }

  /// The states behind a step, in arrays of their own.
  ///
  /// - Parameters:
  ///   - projected: The projected inputs of all steps.
  ///   - time: The step.
  ///   - product: The product of the first state.
  ///   - states: The states before it.
  ///   - candidateKernel: The packed kernel of ``candidateProduct``.
  /// - Returns: One array (batch, units) a state.
  /// - Throws: ``CheckpointError`` where a product fails.
  func run(
    _ projected: FloatArray, time: Int, product: FloatArray, states: [FloatArray],
    candidateKernel: FloatArray?
  ) throws(CheckpointError) -> [FloatArray] {
    let sum = Sum(
      batch: batch, units: cell.units, input: projected, inputStep: inputStep,
      offset: time * cell.gateCount * cell.units, product: product)
    switch cell.kind {
    case .simple: return [try activate(sum.gates([0]))]
    case .lstm: return try lstm(sum, states)
    case .gru(let resetsAfter):
      return [try gru(sum, states[0], kernel: resetsAfter ? nil : candidateKernel)]
    }
  }

  private func activate(_ values: FloatArray) throws(CheckpointError) -> FloatArray {
    guard let candidate else { return values }
    return try candidate(values, overwrites: true)
  }

  private func lstm(_ sum: Sum, _ states: [FloatArray]) throws(CheckpointError) -> [FloatArray] {
    var open = sum.gates([0, 1, 3])
    if let gates { open = try gates(open, overwrites: true) }
    let new = try activate(sum.gates([2]))
    let carry = FloatArray([batch, cell.units])
    let count = carry.count
    unsafe ctl_vector_multiply(open.pointer, new.pointer, carry.pointer, count)
    unsafe ctl_vector_multiply_add(
      carry.pointer, open.pointer + count, states[1].pointer, carry.pointer, count)
    let seen = try candidate.map { value throws(CheckpointError) in
      try value(carry, overwrites: false)
    }
    let output = FloatArray([batch, cell.units])
    unsafe ctl_vector_multiply(
      open.pointer + 2 * count, (seen ?? carry).pointer, output.pointer, count)
    return [output, carry]
  }

  private func gru(
    _ sum: Sum, _ state: FloatArray, kernel: FloatArray?
  ) throws(CheckpointError) -> FloatArray {
    var open = sum.gates([0, 1])
    if let gates { open = try gates(open, overwrites: true) }
    let count = state.count
    let new = FloatArray([batch, cell.units])
    if let candidateProduct, let kernel {
      unsafe ctl_vector_multiply(open.pointer + count, state.pointer, new.pointer, count)
      let product = try candidateProduct.run(
        new, weights: kernel, bias: nil, shape: [batch, cell.units])
      sum.addInput(gate: 2, to: product, scale: nil, into: new)
    } else {
      sum.addInput(
        gate: 2, to: nil, scale: open.columns(count..<2 * count, of: 2 * count), into: new)
    }
    let value = try activate(new)
    let output = FloatArray([batch, cell.units])
    unsafe ctl_mix(open.pointer, state.pointer, value.pointer, output.pointer, count)
    return output
  }
}

/// The sum of the projected input and the product of the state, gate by gate.
private struct Sum {
  let batch: Int
  let units: Int
  let input: FloatArray
  let inputStep: Int
  /// Where the step begins in a sample's projected input.
  let offset: Int
  let product: FloatArray

  /// Some gates as (gates, batch, units), so that one activation serves them all.
  func gates(_ numbers: [Int]) -> FloatArray {
    let result = FloatArray(numbers.count == 1 ? [batch, units] : [numbers.count, batch, units])
    let width = product.shape[1]
    Threads.forEachRange(of: batch, grain: max(1, (1 << 14) / (units * numbers.count))) { samples in
      for sample in samples {
        for (place, gate) in numbers.enumerated() {
          unsafe ctl_vector_add(
            input.pointer + sample * inputStep + offset + gate * units,
            product.pointer + sample * width + gate * units,
            result.pointer + (place * batch + sample) * units, units)
        }
      }
    }
    return result
  }

  /// A gate's projected input plus an array (batch, units), or plus the gate's product times `scale`.
  func addInput(gate: Int, to other: FloatArray?, scale: FloatArray?, into result: FloatArray) {
    let width = product.shape[1]
    for sample in 0..<batch {
      let source = unsafe input.pointer + sample * inputStep + offset + gate * units
      let target = unsafe result.pointer + sample * units
      if let other {
        unsafe ctl_vector_add(source, other.pointer + sample * units, target, units)
      } else if let scale {
        unsafe ctl_vector_multiply_add(
          source, scale.pointer + sample * units, product.pointer + sample * width + gate * units,
          target, units)
      }
    }
  }
}
