import Kernels

/// A Gram matrix in twice the working precision, for formulas of several steps.
///
/// Vectors in the space that the sources span are given by their coefficients.
struct WideGram: Sendable {
  /// The inner products, by rows.
  let products: [[DoubleDouble]]

  private init(_ products: [[DoubleDouble]]) { self.products = products }

  init(_ gram: GramMatrix) {
    let sources = 0..<gram.count
    products = sources.map { i in sources.map { gram.wide(i, $0) } }
  }

  /// The number of vectors.
  var count: Int { products.count }

  /// |xₖ|.
  var norms: [DoubleDouble] { products.indices.map { products[$0][$0].squareRoot() } }

  /// The matrix of the vectors `scales[k] xₖ`.
  func scaled(by scales: [DoubleDouble]) -> WideGram {
    WideGram(
      zip(products, scales).map { row, scale in zip(row, scales).map { $0 * scale * $1 } })
  }

  /// The matrix of some of the vectors.
  func part(_ sources: [Int]) -> WideGram {
    WideGram(sources.map { i in sources.map { products[i][$0] } })
  }

  /// `⟨xₖ, Σ cⱼxⱼ⟩`.
  func product(_ k: Int, _ coefficients: [DoubleDouble]) -> DoubleDouble {
    sum(products[k], coefficients)
  }

  /// `|Σ cₖxₖ|`.
  func length(of coefficients: [DoubleDouble]) -> DoubleDouble {
    let square = sum(coefficients, products.indices.map { product($0, coefficients) })
    return square < 0 ? 0 : square.squareRoot()
  }

  private func sum(_ a: [DoubleDouble], _ b: [DoubleDouble]) -> DoubleDouble {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}

/// The weights, as they are or divided by their sum, without a rounding of each.
func wideWeights(
  _ weights: [Double]?, sourceCount: Int, isNormalized: Bool
) -> [DoubleDouble] {
  let weights = weights ?? [Double](repeating: 1, count: sourceCount)
  let divisor = isNormalized ? DoubleDouble(weights.reduce(0, +)) : 1
  return weights.map { DoubleDouble($0) / divisor }
}
