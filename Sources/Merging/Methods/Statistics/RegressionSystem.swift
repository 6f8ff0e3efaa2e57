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
    // Safe: the matrices have as many elements as their dimensions say.
    unsafe ctl_multiply_add(
      Int32(inputs), Int32(outputs), Int32(inputs), gram, kernel, &right)
  }

  /// Solves it by Cholesky's factorization; nil where the matrix isn't positive definite.
  consuming func solved() -> Solution? {
    let isActive = (0..<inputs).map { left[$0 * inputs + $0] != 0 }
    let active = isActive.indices.filter { isActive[$0] }
    let count = active.count
    if count < inputs { keep(active) }
    if count > 0, outputs > 0 {
      // Safe: as above; `keep` left the first `count` rows and columns.
      guard unsafe ctl_factor_cholesky(Int32(count), &left) else { return nil }
      for isTransposed in [false, true] {
        unsafe ctl_solve_lower(Int32(count), Int32(outputs), isTransposed, left, &right)
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
