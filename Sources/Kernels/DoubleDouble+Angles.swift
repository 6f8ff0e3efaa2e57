/// Trigonometry of about 104 bits: series after a reduction to an eighth of the circle, and one
/// Newton step from the C library's value for the inverses.
extension DoubleDouble {
  /// π/2 to 160 bits.
  private static let quarterTurn = (
    0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110
  )

  /// The sine and the cosine of an angle in radians.
  ///
  /// From 2^50 on, where an angle's low part hardly matters to its place on the circle, they are
  /// those of the angle rounded to Float64, rounded themselves.
  package static func sinCos(
    _ angle: DoubleDouble
  ) -> (sin: DoubleDouble, cos: DoubleDouble) {
    guard angle.high.magnitude < 0x1p50 else {
      return (
        DoubleDouble(MathLibrary.sin(angle.high)), DoubleDouble(MathLibrary.cos(angle.high))
      )
    }
    let turns = (angle.high / quarterTurn.0).rounded()
    let rest =
      angle - product(turns, quarterTurn.0) - product(turns, quarterTurn.1)
      - product(turns, quarterTurn.2)
    let (sine, cosine) = (series(rest, from: 1, rest), series(1, from: 0, rest))
    switch Int(turns) & 3 {
    case 0: return (sine, cosine)
    case 1: return (cosine, -sine)
    case 2: return (-sine, -cosine)
    default: return (-cosine, sine)
    }
  }

  /// The sine of an angle in radians.
  package static func sin(_ angle: DoubleDouble) -> DoubleDouble { sinCos(angle).sin }

  /// The angle of the point (x, y), in (-π, π].
  package static func atan2(_ y: DoubleDouble, _ x: DoubleDouble) -> DoubleDouble {
    let angle = DoubleDouble(MathLibrary.atan2(y.high, x.high))
    let (sine, cosine) = sinCos(angle)
    let along = x * cosine + y * sine
    // Of the origin there is no direction to improve.
    if along == 0 { return angle }
    // The tangent of what is missing, which is so small that it is the angle itself.
    return angle + (y * cosine - x * sine) / along
  }

  /// The angle of a cosine in [-1, 1], in [0, π].
  package static func acos(_ cosine: DoubleDouble) -> DoubleDouble {
    atan2(((1 - cosine) * (1 + cosine)).squareRoot(), cosine)
  }

  /// `first - first x²/((n+1)(n+2)) + …`: each term is the one before times -x² and divided by the
  /// next two numbers.
  private static func series(
    _ first: DoubleDouble, from exponent: Double, _ x: DoubleDouble
  ) -> DoubleDouble {
    let square = -(x * x)
    var (sum, term, n) = (first, first, exponent)
    while term.high.magnitude > 0x1p-108 * sum.high.magnitude {
      term = term * square / DoubleDouble((n + 1) * (n + 2))
      sum = sum + term
      n += 2
    }
    return sum
  }
}
