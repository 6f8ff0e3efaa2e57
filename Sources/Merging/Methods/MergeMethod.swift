package import Checkpoints

/// A way to combine the values of several checkpoints, tensor by tensor.
///
/// The first input is the base where the method has one. A method sees tiles of Float64 values and
/// gives Float64 values; the executor rounds them once into the output's type. It works in up to
/// three steps, each of which most methods leave out:
///
///     prepared(for:)      learns of the model as a whole, such as a threshold over all tensors
///     combination(of:)    learns of one tensor as a whole, such as dot products
///     combine(tile)       combines the same elements of all inputs
///
/// so that memory doesn't depend on a tensor's size. Results are the same bits whatever the tiles
/// and threads.
package protocol MergeMethod: Sendable {
  /// The verb's name, as the command line and the provenance use it.
  var name: String { get }
  /// The parameters by name, as text that reads back to the same value.
  var parameters: [Parameter] { get }
  /// What becomes of a merged tensor, for the plan: "0.3 A + 0.7 B".
  var rule: String { get }
  /// What a person should know of the parameters.
  var notes: [String] { get }
  /// What the output is.
  var product: SourceKind { get }
  /// Whether a source may be a task vector, which stands for a tuned model.
  var takesTaskVectors: Bool { get }
  /// Whether every NaN or infinity in an input shows in the result, or is met when the method reads
  /// the tensor beforehand, so that looking at results is enough to find one.
  var carriesNonFinite: Bool { get }

  /// How often the elements of a tensor are read, for the plan.
  func passes(over shape: [Int]) -> Int
  /// How many neighbouring elements, in C order, a tile holds together: the length of a row for
  /// methods that work row by row, 1 for others.
  func unit(of shape: [Int]) -> Int

  /// What a tensor takes in memory beyond tiles, in bytes, for the plan; 0 for most.
  func memoryBytes(for shape: [Int]) -> Int

  /// Whether ``prepared(for:)`` has something to learn.
  var looksAtWholeModel: Bool { get }
  /// The method with what it must know of all its tensors together; asked for where
  /// ``looksAtWholeModel``.
  ///
  /// - Parameter tensors: The tensors to merge, in the template's order.
  /// - Returns: The method to go on with.
  /// - Throws: ``CheckpointError`` where values can't be read or used.
  func prepared(for tensors: [TensorReader]) throws(CheckpointError) -> any MergeMethod

  /// Learns of a tensor what the combination of its elements depends on.
  ///
  /// - Parameter tensor: The tensor in all inputs.
  /// - Returns: How its elements are combined.
  /// - Throws: ``CheckpointError`` where values can't be read or used.
  func combination(of tensor: TensorReader) throws(CheckpointError) -> any Combination
}

/// How the elements of one tensor are combined.
package protocol Combination: Sendable {
  /// Combines the same elements of all inputs.
  ///
  /// - Parameters:
  ///   - tile: The inputs' values; whole units of the method.
  ///   - type: The output's element type, for methods that round themselves.
  ///   - result: Receives one value per element.
  /// - Throws: ``CheckpointError`` where a method does late what others do in
  ///   ``MergeMethod/combination(of:)``, to save memory.
  func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) throws(CheckpointError)

  /// Combines stored elements without the way through Float64, for methods that have a faster one
  /// with the same results.
  ///
  /// - Parameters:
  ///   - tile: The inputs' elements.
  ///   - output: Receives elements of the same type and byte order.
  /// - Returns: Whether it was done and all results are finite; if not, `combine` is asked.
  func combineStored(_ tile: borrowing StoredTile, into output: inout MutableRawSpan) -> Bool
}

extension MergeMethod {
  package var notes: [String] { [] }
  package var product: SourceKind { .model }
  package var takesTaskVectors: Bool { true }
  package var carriesNonFinite: Bool { true }
  package func passes(over shape: [Int]) -> Int { 1 }
  package func unit(of shape: [Int]) -> Int { 1 }
  package func memoryBytes(for shape: [Int]) -> Int { 0 }
  package var looksAtWholeModel: Bool { false }
  package func prepared(for tensors: [TensorReader]) throws(CheckpointError) -> any MergeMethod {
    self
  }
}

extension MergeMethod where Self: Combination {
  /// A method that looks at one element at a time combines every tensor alike.
  package func combination(of tensor: TensorReader) throws(CheckpointError) -> any Combination {
    self
  }
}

extension Combination {
  /// Most have no faster way.
  package func combineStored(
    _ tile: borrowing StoredTile, into output: inout MutableRawSpan
  ) -> Bool {
    false
  }
}

/// A method's parameter, for reports and provenance.
package struct Parameter: Hashable, Sendable {
  /// The name.
  package let name: String
  /// The value as text.
  package let value: String

  /// A parameter.
  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// What a checkpoint holds.
package enum SourceKind: String, Sendable {
  /// The parameters of a network.
  case model
  /// The difference of a tuned network from its base.
  case taskVector = "task-vector"
}
