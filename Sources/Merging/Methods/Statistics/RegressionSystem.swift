import CLAPACK

/// The normal equations `(Σ Hₖ)·W = Σ HₖWₖ` of a regression mean, in Float64.
///
/// Matrices are stored row by row.
struct RegressionSystem {
  /// What the system says, and of which inputs.
  struct Solution: Sendable {
    /// The number of columns.
    let outputs: Int
    /// The kernel, row by row; rows of inputs that aren't active mean nothing.
    let values: [Double]
    /// Whether an input has a row in the system.
    let isActive: [Bool]
  }

  private let inputs: Int
  private let outputs: Int
  private var left: [Double]
  private var right: [Double]

  /// A system of zeros.
  init(inputs: Int, outputs: Int) {
    self.inputs = inputs
    self.outputs = outputs
    left = [Double](repeating: 0, count: inputs * inputs)
    right = [Double](repeating: 0, count: inputs * outputs)
  }

  /// Adds a model.
  ///
  /// - Parameters:
  ///   - gram: The Gram matrix of its inputs: `inputs × inputs` numbers.
  ///   - weight: Its weight.
  ///   - alpha: The factor of the elements off the diagonal.
  ///   - kernel: `inputs × outputs` numbers.
  mutating func add(_ gram: consuming [Double], weight: Double, alpha: Double, kernel: [Double]) {
    precondition(gram.count == left.count && kernel.count == right.count)
    for row in 0..<inputs {
      for column in 0..<inputs {
        let place = row * inputs + column
        gram[place] = weight * (row == column ? gram[place] : alpha * gram[place])
        left[place] += gram[place]
      }
    }
    let (rows, columns) = (blasint(inputs), blasint(outputs))
    // Safe: the matrices have as many elements as their dimensions say.
    unsafe cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, columns, rows, 1, gram, rows, kernel,
      columns, 1, &right, columns)
  }

  /// Solves it by Cholesky's factorization; nil where the matrix isn't positive definite.
  consuming func solved() -> Solution? {
    let isActive = (0..<inputs).map { left[$0 * inputs + $0] != 0 }
    let active = isActive.indices.filter { isActive[$0] }
    let count = active.count
    if count < inputs { keep(active) }
    if count > 0, outputs > 0 {
      let (rows, columns) = (blasint(count), blasint(outputs))
      // LAPACK's upper triangle of columns is the lower one of rows: left = L Lᵀ.
      // Safe: as above; `keep` left the first `count` rows and columns.
      let status = unsafe LAPACKE_dpotrf(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), rows, &left, rows)
      if status != 0 { return nil }
      for transposition in [CblasNoTrans, CblasTrans] {
        unsafe cblas_dtrsm(
          CblasRowMajor, CblasLeft, CblasLower, transposition, CblasNonUnit, rows, columns, 1,
          left, rows, &right, columns)
      }
    }
    // From the back, so that no row is overwritten before it has moved.
    for (row, input) in active.enumerated().reversed() where row != input {
      for column in 0..<outputs {
        right[input * outputs + column] = right[row * outputs + column]
      }
    }
    return Solution(outputs: outputs, values: right, isActive: isActive)
  }

  /// Moves the rows and columns of some inputs to the front.
  private mutating func keep(_ active: [Int]) {
    for (row, input) in active.enumerated() {
      for (column, other) in active.enumerated() {
        left[row * active.count + column] = left[input * inputs + other]
      }
      for column in 0..<outputs {
        right[row * outputs + column] = right[input * outputs + column]
      }
    }
  }
}
