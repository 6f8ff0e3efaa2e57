import Checkpoints

/// How many singular values an adapter keeps of a matrix.
public enum RankChoice: Sendable {
  /// This many, or all where a matrix has fewer.
  case fixed(Int)
  /// The fewest whose squares make up this share of the sum of all squares.
  case energy(Double)

  /// Judges the parameter.
  ///
  /// - Throws: ``CheckpointError`` of kind `usage`.
  func check() throws(CheckpointError) {
    switch self {
    case .fixed(let rank) where rank < 1:
      throw CheckpointError(
        .usage, subject: "--rank", fact: "is \(rank)", remedy: "give a number from 1 on")
    case .energy(let share) where !(share > 0 && share <= 1):
      throw CheckpointError(
        .usage, subject: "--energy", fact: "is \(share)",
        remedy: "give a share above 0 and up to 1, such as 0.99")
    default: break
    }
  }

  /// The rank for singular values in descending order; 0 where all are zero.
  func rank(of values: [Double]) -> Int {
    let nonzero = values.prefix { $0 > 0 }.count
    switch self {
    case .fixed(let rank): return min(rank, nonzero)
    case .energy(let share):
      // From the small end, so that what is left out isn't lost beside the large ones.
      var rest = 0.0
      let total = RankChoice.energy(of: values[...])
      for rank in stride(from: nonzero, to: 0, by: -1) {
        rest += values[rank - 1] * values[rank - 1]
        if rest > (1 - share) * total { return rank }
      }
      return nonzero > 0 ? 1 : 0
    }
  }

  /// Σ s², the small ones first.
  static func energy(of values: ArraySlice<Double>) -> Double {
    values.reversed().reduce(0) { $0 + $1 * $1 }
  }
}
