internal import Checkpoints

/// Where a call of a recurrent layer finds the sequences, the states before the first step and the mask.
struct RecurrentSources: Sendable {
  /// The place of the sequences among the call's values.
  let input: Int
  let steps: Int
  let depth: Int
  private let states: [Int]?
  private let mask: Int?
  /// Keras 3 hands a layer its input's mask only where the input is the only tensor of the call.
  private let takesInputMask: Bool

  init(_ call: LayerCall, stateSizes: [Int]) throws(CheckpointError) {
    let configuration = call.configuration
    // Keras 2 gives sequences and states as one list.
    guard let places = try call.inputs("sequences", at: 0), let input = places.first else {
      throw configuration.error("is called without sequences")
    }
    self.input = input
    let shape = call.inputs[input]
    guard shape.count == 2, shape[0] > 0 else {
      throw configuration.error(
        "takes time steps and features behind the batch, but its input is \(shapeText(shape))")
    }
    (steps, depth) = (shape[0], shape[1])
    // By place, states come before the mask, as in Keras 3.
    let states =
      places.count > 1 ? Array(places.dropFirst()) : try call.inputs("initial_state", at: 1)
    if let states {
      guard states.map({ call.inputs[$0] }) == stateSizes.map({ [$0] }) else {
        throw configuration.error(
          "takes initial states of \(stateSizes) units, but gets "
            + states.map { shapeText(call.inputs[$0]) }.joined(separator: ", "))
      }
    }
    self.states = states
    mask = try call.input("mask", at: 2)
    takesInputMask = states == nil || places.count > 1
  }

  /// The initial states, or nil.
  func states(_ inputs: [Feature]) -> [FloatArray]? { states?.map { inputs[$0].array } }

  /// The mask that the cells see.
  func mask(_ inputs: [Feature]) -> FloatArray? {
    if let mask { return inputs[mask].array }
    return takesInputMask ? inputs[input].mask : nil
  }

  /// The mask of outputs of all steps.
  func outputMask(_ inputs: [Feature]) -> FloatArray? {
    mask.map { inputs[$0].array } ?? inputs[input].mask
  }
}
