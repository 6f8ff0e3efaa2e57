internal import CLAPACK
import Checkpoints

/// A matrix as M = Σ sₖ uₖ vₖᵀ, by LAPACK's divide and conquer (dgesdd) in Float64.
struct SingularValues {
  /// The number of rows and columns of the matrix.
  let rows: Int
  let columns: Int
  /// sₖ, descending; min(rows, columns) of them.
  let values: [Double]
  /// uₖ as columns of a matrix with `rows` rows, in C order.
  private let left: [Double]
  /// vₖ one after the other.
  private let right: [Double]

  /// Decomposes a matrix.
  ///
  /// - Parameters:
  ///   - matrix: The elements in C order; used up.
  ///   - rows: The number of rows, at least 1.
  ///   - columns: The number of columns, at least 1.
  /// - Throws: ``CheckpointError`` of kind `numeric` where the iteration doesn't converge, and
  ///   `unusable` where the matrix is larger than LAPACK counts.
  init(
    _ matrix: consuming [Double], rows: Int, columns: Int
  ) throws(CheckpointError) {
    precondition(rows > 0 && columns > 0 && matrix.count == rows * columns)
    try LinearAlgebra.require(for: "a decomposition")
    guard let m = Int32(exactly: columns), let n = Int32(exactly: rows) else {
      throw .unusable(nil, "a matrix of \(rows) x \(columns) is too large for LAPACK")
    }
    let rank = min(rows, columns)
    var elements = matrix
    var values = [Double](repeating: 0, count: rank)
    var left = [Double](repeating: 0, count: rows * rank)
    var right = [Double](repeating: 0, count: rank * columns)
    // In Fortran's order these elements are the transposed matrix, so left and right change places,
    // and what LAPACK writes is in C order what is wanted, without a copy.
    let converged = unsafe elements.withUnsafeMutableBufferPointer { elements in
      unsafe values.withUnsafeMutableBufferPointer { values in
        unsafe left.withUnsafeMutableBufferPointer { left in
          unsafe right.withUnsafeMutableBufferPointer { right in
            // Safe: the buffers have the sizes that the dimensions ask for.
            unsafe ctl_decompose(
              m, n, elements.baseAddress, values.baseAddress, right.baseAddress, left.baseAddress)
          }
        }
      }
    }
    guard converged else {
      throw CheckpointError(
        .numeric, fact: "the singular values of a matrix of \(rows) x \(columns) don't converge",
        remedy: "leave the tensor out with --exclude")
    }
    self.rows = rows
    self.columns = columns
    self.values = values
    self.left = left
    self.right = right
  }

  /// The factors of the sum's first terms, with √sₖ on both sides: L R with L of `rows` x `rank` and R
  /// of `rank` x `columns`, in C order.
  func factors(rank: Int) -> (left: [Double], right: [Double]) {
    let all = values.count
    precondition(rank <= all)
    let roots = values.prefix(rank).map { $0.squareRoot() }
    var factorL = [Double](repeating: 0, count: rows * rank)
    var factorR = Array(right.prefix(rank * columns))
    for row in 0..<rows {
      for k in 0..<rank { factorL[row * rank + k] = left[row * all + k] * roots[k] }
    }
    for k in 0..<rank {
      for column in k * columns..<(k + 1) * columns { factorR[column] *= roots[k] }
    }
    return (factorL, factorR)
  }
}
