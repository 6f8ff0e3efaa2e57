/// The probability with which DELLA keeps an element, by the rank of its magnitude in a row.
///
/// Deep, Bhardwaj and Poria, "DELLA-Merging: Reducing interference in model merging through
/// magnitude-based sampling", 2024.
struct RankProbabilities: Sendable {
  let density: Double
  let epsilon: Double
  let rule: Sparsifier.RankRule
  /// The elements of a row, and the distance between two of them.
  private let length: Int
  private let step: Int

  init(shape: [Int], density: Double, epsilon: Double, rule: Sparsifier.RankRule) {
    self.density = density
    self.epsilon = epsilon
    self.rule = rule
    let (length, step) = RankProbabilities.row(of: shape, rule)
    self.length = length
    self.step = step
  }

  /// How many neighbouring elements hold whole rows.
  static func unit(of shape: [Int], _ rule: Sparsifier.RankRule) -> Int {
    let (length, step) = row(of: shape, rule)
    return length * step
  }

  private static func row(
    of shape: [Int], _ rule: Sparsifier.RankRule
  ) -> (length: Int, step: Int) {
    guard shape.count > 1 else { return (shape.first ?? 1, 1) }
    switch rule {
    case .paper: return (shape[shape.count - 1], 1)
    case .mergekit: return (shape[1], shape.dropFirst(2).reduce(1, *))
    }
  }

  /// The probabilities of elements, which are whole rows.
  func probabilities(of values: Span<Double>) -> [Double] {
    let magnitudes = values.indices.map { values[$0].magnitude }
    var result = magnitudes
    for start in stride(from: 0, to: magnitudes.count, by: max(1, length * step)) {
      for offset in 0..<step {
        var order = (0..<length).map { start + offset + $0 * step }
        // The order is total, so an unstable sort does.
        order.sort {
          magnitudes[$0] > magnitudes[$1] || (magnitudes[$0] == magnitudes[$1] && $0 < $1)
        }
        for (rank, place) in order.enumerated() { result[place] = probability(ofRank: rank) }
      }
    }
    return result
  }

  private func probability(ofRank rank: Int) -> Double {
    switch rule {
    case _ where density >= 1: return 1
    case .paper: return (density + epsilon / 2) - (epsilon / Double(length)) * Double(rank)
    case .mergekit:
      if length == 1 { return density }
      return (density - epsilon)
        + (Double(length - 1 - rank) / Double(length - 1)) * (2 * epsilon)
    }
  }
}
