import Kernels
import TestSupport
import Testing

/// Arithmetic of 106 bits: against digits from a computation with 80 decimals, and identities.
@Suite struct DoubleDoubleTests {
  /// Numbers with a low part of their own, which a Float64 lacks.
  private static func samples(_ seed: UInt64, in range: ClosedRange<Double>) -> [DoubleDouble] {
    var random = SeededGenerator(seed: seed)
    return (0..<100).map { _ in
      let high = Double.random(in: range, using: &random)
      return DoubleDouble(high, high.ulp * Double.random(in: -0.5...0.5, using: &random))
    }
  }

  private func isNear(_ a: DoubleDouble, _ b: DoubleDouble, _ relative: Double = 1e-31) -> Bool {
    (a - b).magnitude <= DoubleDouble(relative) * b.magnitude
  }

  @Test func quotientsAndRootsHaveTheKnownDigits() {
    let third = DoubleDouble(0x1.5555555555555p-2, 0x1.5555555555555p-56)
    let root = DoubleDouble(0x1.6a09e667f3bcdp+0, -0x1.bdd3413b26456p-54)
    #expect(isNear(1 / 3, third))
    #expect(isNear((2 as DoubleDouble).squareRoot(), root))
    #expect((0 as DoubleDouble).squareRoot() == 0)
    #expect((-1 as DoubleDouble).squareRoot().rounded.isNaN)
  }

  @Test func arithmeticInvertsItself() {
    let numbers = Self.samples(1, in: -100...100)
    for (a, b) in zip(numbers, Self.samples(2, in: 0.01...10)) {
      #expect(isNear(a / b * b, a) && isNear((a * a).squareRoot(), a.magnitude))
      // What cancels leaves the rounding of the larger terms.
      #expect((a + b - a - b).magnitude <= 1e-29)
      #expect(a + -a == 0 && (a < b) == (a - b < 0))
    }
  }

  @Test func differencesKeepWhatOneFloat64Loses() {
    let one: DoubleDouble = 1
    #expect(one + 0x1p-100 - one == 0x1p-100)
    #expect((one + 0x1p-40) * (one - 0x1p-40) - one == -0x1p-80)
  }

  @Test(arguments: [
    (
      0.5, DoubleDouble(0x1.eaee8744b05f0p-2, -0x1.789b43c9b027dp-58),
      DoubleDouble(0x1.c1528065b7d50p-1, -0x1.892111312e828p-55)
    ),
    (
      1.0, DoubleDouble(0x1.aed548f090ceep-1, 0x1.06374f484e288p-59),
      DoubleDouble(0x1.14a280fb5068cp-1, -0x1.b71edcc9344bcp-55)
    ),
    (
      -3.0, DoubleDouble(-0x1.210386db6d55bp-3, -0x1.3c7205d08d063p-57),
      DoubleDouble(-0x1.fae04be85e5d2p-1, -0x1.83effc17efb54p-55)
    ),
    (
      100.0, DoubleDouble(-0x1.03425b78c4db8p-1, -0x1.c23d8557420fbp-59),
      DoubleDouble(0x1.b981dbf665fdfp-1, 0x1.8fd0cdcd985e8p-55)
    ),
    (
      1e-5, DoubleDouble(0x1.4f8b588e1e8a2p-17, 0x1.75b30450b875ep-71),
      DoubleDouble(0x1.ffffffff920c8p-1, 0x1.3149f1007a5f5p-58)
    ),
  ]) func sinesAndCosinesHaveTheKnownDigits(
    angle: Double, sine: DoubleDouble, cosine: DoubleDouble
  ) {
    let found = DoubleDouble.sinCos(DoubleDouble(angle))
    #expect(isNear(found.sin, sine) && isNear(found.cos, cosine))
  }

  @Test(arguments: [
    (1.0, 1.0, DoubleDouble(0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55)),
    (1.0, 2.0, DoubleDouble(0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56)),
    (3.0, 1e-3, DoubleDouble(0x1.9209dcdc8c77ap+0, 0x1.a22da9f7acf83p-56)),
    (1.0, -2.0, DoubleDouble(0x1.56c6e7397f5aep+1, 0x1.660b64ece6f4bp-53)),
    (-1.0, -2.0, DoubleDouble(-0x1.56c6e7397f5aep+1, -0x1.660b64ece6f4bp-53)),
    (1e-9, 1.0, DoubleDouble(0x1.12e0be826d695p-30, -0x1.a68cd9e985016p-92)),
    (0.0, 1.0, DoubleDouble(0)), (0.0, 0.0, DoubleDouble(0)),
    (0.0, -1.0, DoubleDouble(0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53)),
  ]) func anglesHaveTheKnownDigits(y: Double, x: Double, angle: DoubleDouble) {
    #expect(isNear(DoubleDouble.atan2(DoubleDouble(y), DoubleDouble(x)), angle))
  }

  @Test func trigonometryInvertsItself() {
    for angle in Self.samples(3, in: -1000...1000) {
      let (sine, cosine) = DoubleDouble.sinCos(angle)
      #expect(isNear(sine * sine + cosine * cosine, 1))
      let twice = DoubleDouble.sin(2 * angle)
      #expect((twice - 2 * sine * cosine).magnitude <= 1e-27)
    }
    for angle in Self.samples(4, in: 0.1...3) {
      let (sine, cosine) = DoubleDouble.sinCos(angle)
      #expect(isNear(DoubleDouble.atan2(sine, cosine), angle))
      #expect(isNear(DoubleDouble.acos(cosine), angle, 1e-29))
    }
  }

  @Test func whatIsNotFiniteDoesNotTrap() {
    for value in [Double.infinity, -.infinity, .nan] {
      let number = DoubleDouble(value)
      #expect(DoubleDouble.sinCos(number).sin.rounded.isNaN)
      #expect((number * number / number).rounded.isNaN)
      let none = number - number
      #expect(!(none <= 1) && !(none >= 1) && !(none < 1) && !(none > 1))
      #expect(none.limitedToOne.rounded.isNaN)
    }
    let far = DoubleDouble.sinCos(0x1p+900)
    #expect(isNear(far.sin * far.sin + far.cos * far.cos, 1, 1e-15))
  }
}
