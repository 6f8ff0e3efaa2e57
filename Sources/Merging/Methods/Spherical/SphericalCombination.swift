import Checkpoints
import Kernels

/// How a method that is `Σ cₖ·xₖ` with coefficients from a Gram matrix goes about a tensor.
///
/// The vectors are the whole tensor, its rows (along the last axis), or its columns (along the
/// first); the geometry is the same.
struct SphericalCombination: Sendable {
  /// What a vector is.
  enum Vectors: Sendable {
    case tensor
    case rows
    case columns
  }

  let vectors: Vectors
  /// Whether the first input is a base; the sources then are task vectors.
  let hasBase: Bool
  /// The sum, by the vectors' Gram matrix.
  let sum: @Sendable (GramMatrix) -> WeightedSum

  init(
    _ vectors: Vectors, hasBase: Bool,
    sum: @escaping @Sendable (GramMatrix) -> WeightedSum
  ) {
    self.vectors = vectors
    self.hasBase = hasBase
    self.sum = sum
  }

  func passes() -> Int { vectors == .rows ? 1 : 2 }

  func unit(of shape: [Int]) -> Int { vectors == .rows ? shape.last ?? 1 : 1 }

  func combination(of tensor: TensorReader) throws(CheckpointError) -> any Combination {
    switch vectors {
    case .rows where !tensor.shape.isEmpty:
      return RowCombination(length: unit(of: tensor.shape), hasBase: hasBase, sum: sum)
    case .columns where tensor.shape.count > 1:
      let grams = try ColumnGrams.grams(of: tensor, hasBase: hasBase)
      return ColumnCombination(sums: grams.map(sum), hasBase: hasBase)
    default:
      return sum(try GramSurvey.gram(of: tensor, hasBase: hasBase))
    }
  }
}

/// Each row with coefficients of its own; a tile holds whole rows, so none is read twice.
private struct RowCombination: Combination {
  let length: Int
  let hasBase: Bool
  let sum: @Sendable (GramMatrix) -> WeightedSum

  func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    for start in stride(from: 0, to: tile.count, by: max(length, 1)) {
      let row = start..<start + length
      let gram = GramSurvey.gram(of: tile, row, hasBase: hasBase)
      var target = result._mutatingExtracting(row)
      sum(gram).combine(tile, row, into: &target)
    }
  }
}

/// Each column with coefficients of its own.
private struct ColumnCombination: Combination {
  let sums: [WeightedSum]
  let hasBase: Bool

  func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    let values = tile.values.span
    let base = hasBase ? 1 : 0
    var column = tile.firstElement % sums.count
    for element in 0..<tile.count {
      let origin = hasBase ? values[element] : 0
      // What -0 is added to stays what it is.
      var sum = -0.0
      for (source, coefficient) in sums[column].coefficients.enumerated() where coefficient != 0 {
        let value = values[(source + base) * tile.stride + element]
        let isDifference = !hasBase || tile.kinds[source + base] == .taskVector
        sum += coefficient * (isDifference ? value : value - origin)
      }
      sum *= sums[column].factor
      result[element] = hasBase ? origin + sum : sum
      column = column + 1 == sums.count ? 0 : column + 1
    }
  }
}
