package import Checkpoints

/// A kind of layer: what Keras's class of that name computes at inference.
///
/// A new kind is one type in this folder and one line in ``LayerKinds``.
package protocol Layer: Sendable {
  /// Keras's names of the class.
  static var classNames: [String] { get }

  /// Whether it is an operation on tensors (`keras.ops.add`) and no layer (`keras.layers.Add`).
  static var isOperation: Bool { get }

  /// Reads the layer's settings.
  ///
  /// - Throws: ``CheckpointError`` where a setting is missing, wrong or not supported.
  init(_ configuration: LayerConfiguration) throws(CheckpointError)

  /// The activation that the layer applies to its result; nil for none.
  var activation: Activation? { get }

  /// Plans one call of the layer for the shapes of its inputs.
  ///
  /// - Throws: ``CheckpointError`` where the shapes don't fit the layer.
  func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan
}

extension Layer {
  package static var isOperation: Bool { false }
  package var activation: Activation? { nil }
}

/// A call of a layer, as it is planned.
package struct LayerCall: Sendable {
  /// The layer's configuration, for words of error.
  package let configuration: LayerConfiguration
  /// Positional arguments.
  package let arguments: [ModelGraph.Argument]
  /// Arguments by name.
  package let keywords: [String: ModelGraph.Argument]
  /// The values that the call takes, in the order of ``ModelGraph/Node/inputs``.
  package let values: [ModelGraph.Value]
  /// The shapes of these values, without the batch axis.
  package let inputs: [[Int]]
  /// Whether each of these values has a mask.
  package let areMasked: [Bool]
  /// The activation to apply to the result: the layer's own, or nil where the plan makes it a step of its own.
  package let activation: Activation?

  /// The only input's shape; a mask given by name isn't counted.
  ///
  /// - Throws: ``CheckpointError`` where there isn't exactly one.
  package func onlyInput() throws(CheckpointError) -> [Int] {
    guard inputs.count == (place(of: "mask") == nil ? 1 : 2) else {
      throw configuration.error("takes one input, but is called with \(inputs.count)")
    }
    return inputs[0]
  }

  /// The place among `inputs` of a keyword's value, or nil.
  package func place(of keyword: String) -> Int? {
    guard case .value(let value)? = keywords[keyword] else { return nil }
    return values.firstIndex(of: value)
  }
}

/// What a call gives and how.
package struct LayerPlan: Sendable {
  /// The shapes of the outputs, without the batch axis.
  package var outputs: [[Int]]
  /// The layer's weights in the order of Keras's `layer.weights`.
  package var parameters: [ParameterSlot]
  /// Whether the outputs have the first input's mask, where the kernel gives none itself.
  package var keepsMask: Bool
  /// Whether the outputs have a mask although the inputs have none.
  package var makesMask: Bool
  /// Whether no later call sees the masks of this one's inputs, as behind attention in Keras 3.
  package var clearsMasks = false
  /// The activation, where the call is nothing but one.
  package var pureActivation: Activation?
  /// Whether values are only moved or left out, never changed: such a layer adds no error of its own.
  package var isExact: Bool
  /// Makes what computes the call for a number of samples.
  package var makeKernel: @Sendable (_ batch: Int) throws(CheckpointError) -> any LayerKernel

  /// A plan.
  package init(
    outputs: [[Int]], parameters: [ParameterSlot] = [], keepsMask: Bool = false,
    makesMask: Bool = false, pureActivation: Activation? = nil,
    isExact: Bool = false,
    makeKernel: @escaping @Sendable (_ batch: Int) throws(CheckpointError) -> any LayerKernel
  ) {
    self.outputs = outputs
    self.parameters = parameters
    self.keepsMask = keepsMask
    self.makesMask = makesMask
    self.pureActivation = pureActivation
    self.isExact = isExact
    self.makeKernel = makeKernel
  }
}

/// The values that a node made for a batch.
package struct Feature: Sendable {
  /// The values, of shape (batch, …).
  package var array: FloatArray
  /// 1 for each position (batch, time) that counts and 0 for padding, or nil where all count.
  package var mask: FloatArray?

  /// Values.
  package init(_ array: FloatArray, mask: FloatArray? = nil) {
    self.array = array
    self.mask = mask
  }
}

/// Computes one call of a layer for a fixed number of samples; shared by networks of one architecture.
package protocol LayerKernel: Sendable {
  /// Brings weights into the form that ``run(_:weights:)`` wants.
  ///
  /// - Parameter parameters: In the order of ``LayerPlan/parameters``.
  /// - Returns: Arrays in an order of the kernel's own.
  /// - Throws: ``CheckpointError`` where a weight can't be used (a negative variance).
  func pack(_ parameters: [FloatArray]) throws(CheckpointError) -> [FloatArray]

  /// Computes the outputs.
  ///
  /// - Parameters:
  ///   - inputs: In the order of ``ModelGraph/Node/inputs``; never written to.
  ///   - weights: What ``pack(_:)`` gave.
  /// - Returns: The outputs; they may share an input's memory where nothing changes.
  /// - Throws: ``CheckpointError`` where the computation fails.
  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature]
}

extension LayerKernel {
  package func pack(_ parameters: [FloatArray]) throws(CheckpointError) -> [FloatArray] {
    parameters
  }
}
