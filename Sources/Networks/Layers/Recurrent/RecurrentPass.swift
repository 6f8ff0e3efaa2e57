internal import CNetworks
internal import Checkpoints

/// Runs a cell over sequences of a fixed length: the inputs of all steps are projected by one product, then
/// each step adds the product of the state.
struct RecurrentPass: Sendable {
  let cell: RecurrentCell
  private let batch: Int
  private let steps: Int
  private let inputProduct: MatrixProduct
  private let stateProduct: MatrixProduct
  private let step: RecurrentStep

  /// A pass over (batch, steps, depth).
  init(
    _ cell: RecurrentCell, batch: Int, steps: Int, depth: Int
  ) throws(CheckpointError) {
    self.cell = cell
    self.batch = batch
    self.steps = steps
    let columns = cell.gateCount * cell.units
    inputProduct = try MatrixProduct(
      rows: batch * steps, depth: depth, columns: columns, hasBias: cell.hasBias)
    // What the reset gate scales before its product isn't known until the other gates are.
    let together = cell.kind == .gru(resetsAfter: false) ? 2 * cell.units : columns
    stateProduct = try MatrixProduct(
      rows: batch, depth: cell.units, columns: together,
      hasBias: cell.hasBias && cell.kind == .gru(resetsAfter: true))
    step = try RecurrentStep(cell, batch: batch, inputStep: steps * columns)
  }

  /// The number of arrays that ``pack(_:)`` gives.
  var weightCount: Int {
    2 + (cell.hasBias ? 1 : 0) + (step.candidateProduct != nil ? 1 : 0)
      + (cell.hasBias && cell.kind == .gru(resetsAfter: true) ? 1 : 0)
  }

  /// Brings kernel, recurrent kernel and bias into form: input kernel, state kernel, input bias, state
  /// bias, candidate kernel, as far as there are.
  func pack(_ parameters: [FloatArray]) throws(CheckpointError) -> [FloatArray] {
    let recurrent = parameters[1]
    let columns = cell.gateCount * cell.units
    var result = [try inputProduct.pack(parameters[0])]
    guard let candidate = step.candidateProduct else {
      result.append(try stateProduct.pack(recurrent))
      guard cell.hasBias else { return result }
      if cell.kind == .gru(resetsAfter: true) {
        result.append(parameters[2].columns(0..<columns, of: 2 * columns))
        result.append(parameters[2].columns(columns..<2 * columns, of: 2 * columns))
      } else {
        result.append(parameters[2])
      }
      return result
    }
    let split = 2 * cell.units
    result.append(try stateProduct.pack(recurrent.columns(0..<split, of: columns)))
    if cell.hasBias { result.append(parameters[2]) }
    result.append(try candidate.pack(recurrent.columns(split..<columns, of: columns)))
    return result
  }

  /// Computes the outputs of all steps.
  ///
  /// - Parameters:
  ///   - input: (batch, steps, depth).
  ///   - mask: 0 for each step (batch, steps) over which states are carried unchanged, or nil.
  ///   - states: The states before the first step, or nil for 0.
  ///   - weights: What ``pack(_:)`` gave.
  ///   - isBackward: Whether the last step comes first; outputs are in the order of computation.
  ///   - zeroesMasked: Whether the output of a masked step is 0 instead of the state.
  /// - Returns: The outputs (batch, steps, units) and the states behind the last step.
  /// - Throws: ``CheckpointError`` where a product fails.
  func run(
    _ input: FloatArray, mask: FloatArray?, states: [FloatArray]?, weights: [FloatArray],
    isBackward: Bool, zeroesMasked: Bool
  ) throws(CheckpointError) -> (outputs: FloatArray, states: [FloatArray]) {
    let units = cell.units
    let projected = try inputProduct.run(
      input, weights: weights[0], bias: cell.hasBias ? weights[2] : nil,
      shape: [batch, steps, cell.gateCount * units])
    let outputs = FloatArray([batch, steps, units])
    var current = states ?? (0..<cell.stateCount).map { _ in FloatArray(zeros: [batch, units]) }
    for number in 0..<steps {
      let time = isBackward ? steps - 1 - number : number
      let product = try stateProduct.run(
        current[0], weights: weights[1],
        bias: cell.hasBias && weights.count > 3 && step.candidateProduct == nil ? weights[3] : nil,
        shape: [batch, stateProduct.shape[1]])
      let next = try step.run(
        projected, time: time, product: product, states: current, candidateKernel: weights.last)
      for sample in 0..<batch {
        let counts = mask.map { unsafe $0.pointer[sample * steps + time] != 0 } ?? true
        let row = sample * units..<(sample + 1) * units
        if !counts {
          for (new, old) in zip(next, current) {
            _ = unsafe new.target(row).update(fromContentsOf: old.values(row))
          }
        }
        let place = (sample * steps + number) * units
        let target = unsafe outputs.target(place..<place + units)
        if !counts && zeroesMasked {
          unsafe target.update(repeating: 0)
        } else {
          _ = unsafe target.update(fromContentsOf: next[0].values(row))
        }
      }
      current = next
    }
    return (outputs, current)
  }
}

extension FloatArray {
  /// An array of zeros.
  init(zeros shape: [Int]) {
    self.init(shape)
    unsafe target(0..<count).update(repeating: 0)
  }

  /// Some columns of a matrix of `width` columns.
  func columns(_ range: Range<Int>, of width: Int) -> FloatArray {
    let rows = count / width
    let result = FloatArray([rows, range.count])
    for row in 0..<rows {
      let source = unsafe values(row * width + range.lowerBound..<row * width + range.upperBound)
      _ = unsafe result.target(row * range.count..<(row + 1) * range.count).update(
        fromContentsOf: source)
    }
    return result
  }
}
