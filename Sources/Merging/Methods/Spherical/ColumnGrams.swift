import Checkpoints
import Kernels

/// The Gram matrix of each column of a tensor, a column being what an index of the other axes leaves
/// of the first axis.
///
/// Products and sums carry their errors along, as those of ``GramMatrix`` do.
struct ColumnGrams: Sendable {
  private let columns: Int
  private let sources: Int
  private let first: Int
  /// By column, then by pair of sources: the lower triangle, row by row.
  private var sums: [Double]
  private var errors: [Double]

  private init(_ tensor: TensorReader, hasBase: Bool) {
    columns = tensor.elementCount / max(1, tensor.shape[0])
    first = hasBase ? 1 : 0
    sources = tensor.kinds.count - first
    sums = [Double](repeating: 0, count: columns * sources * (sources + 1) / 2)
    errors = sums
  }

  /// The Gram matrices, by column.
  static func grams(
    of tensor: TensorReader, hasBase: Bool
  ) throws(CheckpointError) -> [GramMatrix] {
    let all = try tensor.reduce(ColumnGrams(tensor, hasBase: hasBase)) {
      (grams, tile) throws(CheckpointError) in
      grams.add(tile)
    } merge: {
      $0.add($1)
    }
    let pairs = all.sources * (all.sources + 1) / 2
    return (0..<all.columns).map { column in
      GramMatrix(
        count: all.sources,
        products: (column * pairs..<(column + 1) * pairs).map { (all.sums[$0], all.errors[$0]) })
    }
  }

  private mutating func add(_ tile: borrowing SourceTile) {
    let values = tile.values.span
    var column = tile.firstElement % columns
    var vector = [Double](repeating: 0, count: sources)
    for element in 0..<tile.count {
      for source in 0..<sources {
        let value = values[(source + first) * tile.stride + element]
        let isDifference = first == 0 || tile.kinds[source + 1] == .taskVector
        vector[source] = isDifference ? value : value - values[element]
      }
      var pair = column * sources * (sources + 1) / 2
      for i in 0..<sources {
        for j in 0...i {
          let product = vector[i] * vector[j]
          let rest = (-product).addingProduct(vector[i], vector[j])
          add(product, rest, to: pair)
          pair += 1
        }
      }
      column = column + 1 == columns ? 0 : column + 1
    }
  }

  private mutating func add(_ other: ColumnGrams) {
    for place in sums.indices { add(other.sums[place], other.errors[place], to: place) }
  }

  /// Knuth's TwoSum.
  private mutating func add(_ value: Double, _ rest: Double, to place: Int) {
    let sum = sums[place] + value
    let part = sum - sums[place]
    errors[place] += ((sums[place] - (sum - part)) + (value - part)) + rest
    sums[place] = sum
  }
}
