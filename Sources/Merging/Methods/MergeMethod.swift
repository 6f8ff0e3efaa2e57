package import Checkpoints

/// A way to combine the values of several checkpoints, element by element.
///
/// The first input is the template: the base where the method has one. A method sees tiles of
/// Float64 values and gives Float64 values; the executor rounds them once into the output's type.
/// Methods use the operations literally in the order of their formula, so that a result is the same
/// bits as that formula in NumPy's float64, whatever the tiles and threads.
package protocol MergeMethod: Sendable {
  /// The verb's name, as the command line and the provenance use it.
  var name: String { get }
  /// The parameters by name, as text that reads back to the same value.
  var parameters: [Parameter] { get }
  /// What becomes of a merged tensor, for the plan: "0.3 A + 0.7 B".
  var rule: String { get }
  /// What the output is.
  var product: SourceKind { get }

  /// Combines the same elements of all inputs.
  ///
  /// - Parameters:
  ///   - tile: The inputs' values.
  ///   - type: The output's element type, for methods that round themselves.
  ///   - result: Receives one value per element.
  func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>)

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
  /// Most methods have no faster way.
  package func combineStored(
    _ tile: borrowing StoredTile, into output: inout MutableRawSpan
  ) -> Bool {
    false
  }
}

/// The same elements of every input as they are stored, where all inputs and the output store them
/// alike.
package struct StoredTile {
  /// The type of the elements.
  package let type: ElementType
  /// The order of their bytes.
  package let order: ByteOrder
  /// What was read of each input.
  package let buffers: [[UInt8]]
  /// Where the elements begin in each of `buffers`.
  package private(set) var starts: [Int]

  /// Elements of all inputs; the place of the output says how many.
  package init(type: ElementType, order: ByteOrder, buffers: [[UInt8]], starts: [Int]) {
    self.type = type
    self.order = order
    self.buffers = buffers
    self.starts = starts
  }

  /// Goes on to the elements after the next `byteCount` bytes.
  package mutating func advance(by byteCount: Int) {
    for source in starts.indices { starts[source] += byteCount }
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

/// The same elements of every input, as Float64.
package struct SourceTile {
  /// What each input holds.
  package let kinds: [SourceKind]
  /// The distance between two inputs' first values: the most elements that a tile can have.
  package let stride: Int
  /// The number of elements at present.
  package var count = 0
  /// The values: input after input, each at a multiple of `stride`.
  package var values: [Double]

  /// A tile for inputs of the given kinds.
  package init(kinds: [SourceKind], stride: Int) {
    self.kinds = kinds
    self.stride = stride
    self.values = [Double](repeating: 0, count: kinds.count * stride)
  }

  /// The number of inputs.
  package var sourceCount: Int { kinds.count }

  /// Where an input's elements lie in `values`.
  package func range(_ source: Int) -> Range<Int> {
    source * stride..<source * stride + count
  }
}
