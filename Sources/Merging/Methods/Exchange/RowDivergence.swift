import Kernels

/// How far a row of a tensor, taken as a softmax, is from the base's:
/// `KL = Σ P·log(P/Q)`, `P = softmax(x) + 1e-8`, `Q = softmax(b) + 1e-8`.
///
/// A tuned model hardly differs from its base, and as written the sum would be rounding: its terms
/// cancel, since `Σ (P - Q) = 0`. It is therefore
///
///     KL = Σ Q·((1 + y)·log1p(y) - y)     y = (P - Q)/Q
///
/// whose terms aren't negative, with `P - Q` from the change `τ = x - b` itself:
/// `q·expm1(τ - z)`, `q = softmax(b)`, `z = log1p(Σ q·expm1(τ))`.
struct RowDivergence {
  /// What is added to each probability.
  private static let floor = 1e-8

  /// The elements of a row as they are in the base, as they became, and how they changed.
  struct Row {
    var base: [Double]
    var tuned: [Double]
    var changes: [Double]

    /// Room for a row of some length.
    init(length: Int) {
      base = [Double](repeating: 0, count: length)
      tuned = base
      changes = base
    }
  }

  /// The divergence of a row; all of its elements are finite.
  static func divergence(of row: Row) -> Double {
    // A softmax of one element is 1, whatever the element; computed it would be rounding.
    if row.base.count < 2 { return 0 }
    let shares = softmax(row.base)
    let moved = movedShares(row, shares: shares)
    var sum = CompensatedSum()
    for (share, move) in zip(shares, moved) {
      sum.add((share + floor) * growth(move / (share + floor)))
    }
    return sum.value
  }

  /// `softmax(x) - softmax(b)`.
  private static func movedShares(_ row: Row, shares: [Double]) -> [Double] {
    // Large changes may overflow expm1, and small differences don't matter beside them.
    if row.changes.contains(where: { $0.magnitude > 1 }) {
      return zip(softmax(row.tuned), shares).map { $0 - $1 }
    }
    var sum = CompensatedSum()
    for (share, change) in zip(shares, row.changes) {
      sum.add(share * MathLibrary.expm1(change))
    }
    let shift = MathLibrary.log1p(sum.value)
    return zip(shares, row.changes).map { $0 * MathLibrary.expm1($1 - shift) }
  }

  private static func softmax(_ values: [Double]) -> [Double] {
    let greatest = values.max() ?? 0
    let powers = values.map { MathLibrary.exp($0 - greatest) }
    var sum = CompensatedSum()
    sum.add(powers.span)
    let total = sum.value
    return powers.map { $0 / total }
  }

  /// `(1 + y)·log1p(y) - y`, which is y²/2 for small y.
  ///
  /// With `s = y/(2 + y)` it is `2·(s² + (1 + s)·(s³/3 + s⁵/5 + …))/(1 - s)`, whose terms don't
  /// cancel.
  static func growth(_ y: Double) -> Double {
    if y.magnitude >= 0.5 { return (1 + y) * MathLibrary.log1p(y) - y }
    let s = y / (2 + y)
    let square = s * s
    // The last term taken is below 2⁻⁵³ of the first.
    let last = square < 0x1p-20 ? 5 : 35
    var series = 0.0
    for power in stride(from: last, through: 3, by: -2) {
      series = series * square + 1 / Double(power)
    }
    return 2 * square * (1 + (1 + s) * s * series) / (1 - s)
  }
}
