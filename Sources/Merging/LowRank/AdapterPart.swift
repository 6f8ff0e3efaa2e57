public import Checkpoints

/// What an adapter holds of one tensor of its base.
public struct AdapterPart: Sendable {
  /// In which form.
  public enum Content: Sendable {
    /// The tuned values, as they are: biases, scales, statistics.
    case full
    /// The change as a product of two factors.
    case factors(Factors)
  }

  /// The factors A (rank x inputs) and B (outputs x rank) of a change, and what they keep of it.
  public struct Factors: Sendable {
    /// The rank.
    public let rank: Int
    /// The rank that the change can have at most.
    public let fullRank: Int
    /// The share of the change's squared length that is kept.
    public let energy: Double
    /// |τ - B A| / |τ|, before the factors are rounded.
    public let relativeError: Double
    /// |τ|.
    public let norm: Double
    let a: [Double]
    let b: [Double]
  }

  /// The tensor's name in the base.
  public let name: TensorName
  /// Its shape.
  public let shape: [Int]
  /// The form.
  public let content: Content
}

/// A tensor seen as a matrix that maps inputs to outputs.
struct WeightMatrix {
  /// The number of rows and columns as the tensor is stored.
  let rows: Int
  let columns: Int
  /// Whether rows are inputs, as in Keras's kernels; in PyTorch's weights they are outputs.
  let rowsAreInputs: Bool

  /// Convolutions have their window with the inputs: (outputs, inputs, window…) in PyTorch, (window…,
  /// inputs, outputs) in Keras.
  init?(shape: [Int], rowsAreInputs: Bool) {
    guard shape.count >= 2, let first = shape.first, let last = shape.last,
      let count = checkedProduct(shape), first > 0, last > 0, count > 0
    else { return nil }
    self.rowsAreInputs = rowsAreInputs
    columns = rowsAreInputs ? last : count / first
    rows = count / columns
    // A vector in disguise has nothing to gain.
    if rows < 2 || columns < 2 { return nil }
  }

  var inputs: Int { rowsAreInputs ? rows : columns }
  var outputs: Int { rowsAreInputs ? columns : rows }

  /// A matrix of `rows` x `columns` with its axes exchanged.
  static func transposed(_ elements: [Double], rows: Int, columns: Int) -> [Double] {
    var result = [Double](repeating: 0, count: elements.count)
    for row in 0..<rows {
      for column in 0..<columns { result[column * rows + row] = elements[row * columns + column] }
    }
    return result
  }
}
