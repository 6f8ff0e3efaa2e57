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
    let (t, sine) = (DoubleDouble(t), DoubleDouble.sin(angle))
    return [
      (DoubleDouble.sin((1 - t) * angle) / sine).rounded,
      (DoubleDouble.sin(t * angle) / sine).rounded,
    ]
  }

  /// The angle between the vectors; nil on one line.
  private func angle(_ gram: GramMatrix) -> DoubleDouble? {
    let norms = [gram.wide(0, 0).squareRoot(), gram.wide(1, 1).squareRoot()]
    switch guards {
    case .exact:
      if norms.contains(0) { return nil }
      let cosine = gram.wide(0, 1) / norms[0] / norms[1]
      let squaredSine = (1 - cosine) * (1 + cosine)
      if squaredSine <= DoubleDouble(GreatCircle.tiny) { return nil }
      return DoubleDouble.atan2(squaredSine.squareRoot(), cosine)
    case .slerp:
      let scales = norms.map { $0 <= 1e-8 ? 1 : $0 }
      let cosine = (gram.wide(0, 1) / scales[0] / scales[1]).limitedToOne
      return cosine.magnitude > 0.9995 ? nil : DoubleDouble.acos(cosine)
    case .nuSlerp:
      let cosine = gram.wide(0, 1) / max(norms[0], 1e-7) / max(norms[1], 1e-7)
      if 1 - cosine * cosine <= 1e-16 { return nil }
      return DoubleDouble.acos(cosine.limitedToOne)
    }
  }
}
