import Kernels

/// The coefficients of two vectors at a point of the great circle through them:
/// `sin((1-t)θ)/sin θ` and `sin(tθ)/sin θ`, or `1-t` and `t` where they lie on one line.
struct GreatCircle: Sendable {
  /// When vectors lie on one line, and what becomes of short ones.
  enum Guards: Sendable {
    /// On one line where a vector is zero or sin² θ is zero to twice the working precision.
    case exact
    /// mergekit's `slerp`: on one line where |cos θ| > 0.9995; lengths up to 1e-8 count as 1.
    case slerp
    /// mergekit's `nuslerp`: on one line where 1 - cos² θ <= 1e-16; lengths are at least 1e-7.
    case nuSlerp
  }

  /// Zero to twice the working precision, in relation to 1.
  static let tiny = 0x1p-90

  let t: Double
  let guards: Guards

  /// The coefficients, by the vectors' inner products.
  func coefficients(_ gram: GramMatrix) -> [Double] {
    let line = [1 - t, t]
    if t == 0 || t == 1 { return line }
    guard let angle = angle(gram) else { return line }
    let sine = MathLibrary.sin(angle)
    return [MathLibrary.sin((1 - t) * angle) / sine, MathLibrary.sin(t * angle) / sine]
  }

  /// The angle between the vectors; nil on one line.
  private func angle(_ gram: GramMatrix) -> Double? {
    let norms = [gram[0, 0].squareRoot(), gram[1, 1].squareRoot()]
    switch guards {
    case .exact:
      if norms.contains(0) { return nil }
      // Kahan's form: the half angle's tangent has no cancellation near 0.
      let squaredDistance = gram.squaredLength(of: [1 / norms[0], -1 / norms[1]])
      let squaredSum = gram.squaredLength(of: [1 / norms[0], 1 / norms[1]])
      if squaredDistance * squaredSum / 4 <= GreatCircle.tiny { return nil }
      return 2 * MathLibrary.atan2(squaredDistance.squareRoot(), squaredSum.squareRoot())
    case .slerp:
      let scales = norms.map { $0 > 1e-8 ? $0 : 1 }
      let cosine = max(-1, min(1, gram[0, 1] / (scales[0] * scales[1])))
      return abs(cosine) > 0.9995 ? nil : MathLibrary.acos(cosine)
    case .nuSlerp:
      let cosine = gram[0, 1] / (max(norms[0], 1e-7) * max(norms[1], 1e-7))
      return 1 - cosine * cosine <= 1e-16 ? nil : MathLibrary.acos(max(-1, min(1, cosine)))
    }
  }
}
