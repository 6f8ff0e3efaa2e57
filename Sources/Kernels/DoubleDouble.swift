/// A number as the unevaluated sum of two Float64, of about 106 bits.
///
/// For figures: the few numbers of a tensor that its elements are combined with. What they are
/// computed from is exact to twice the working precision, and with this type so are they, until they
/// are rounded once. Sums and quotients have a relative error of about 2^-104; the range is
/// Float64's, and what isn't finite becomes not a number.
///
/// Dekker, "A floating-point technique for extending the available precision", 1971; Joldes, Muller
/// and Popescu, "Tight and rigorous error bounds for basic building blocks of double-word
/// arithmetic", 2017.
package struct DoubleDouble: Sendable, Equatable {
  /// The number, rounded to Float64.
  package let high: Double
  /// What ``high`` lacks.
  package let low: Double

  /// The sum of two numbers, neither of which need be the larger.
  package init(_ high: Double, _ low: Double = 0) {
    (self.high, self.low) = twoSum(high, low)
  }

  /// The number, rounded to Float64 once.
  package var rounded: Double { high }

  /// The square root; not a number below zero.
  package func squareRoot() -> DoubleDouble {
    let root = high.squareRoot()
    guard root > 0 else { return DoubleDouble(root) }
    // One step of Newton's iteration doubles the correct digits.
    let rest = self - DoubleDouble.product(root, root)
    return DoubleDouble(root, rest.high / (2 * root))
  }

  /// The product of two Float64, exactly.
  static func product(_ a: Double, _ b: Double) -> DoubleDouble {
    let (product, error) = twoProduct(a, b)
    return DoubleDouble(product, error)
  }
}

extension DoubleDouble: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  package init(integerLiteral value: Int32) { self.init(Double(value)) }
  /// The literal as a Float64 has it.
  package init(floatLiteral value: Double) { self.init(value) }
}

extension DoubleDouble: Comparable {
  package static func < (a: DoubleDouble, b: DoubleDouble) -> Bool {
    a.high < b.high || (a.high == b.high && a.low < b.low)
  }

  // The standard library's versions negate `<`, so they would be true of what is not a number.
  package static func <= (a: DoubleDouble, b: DoubleDouble) -> Bool { a < b || a == b }
  package static func > (a: DoubleDouble, b: DoubleDouble) -> Bool { b < a }
  package static func >= (a: DoubleDouble, b: DoubleDouble) -> Bool { b <= a }

  /// The nearest number in [-1, 1], as of a cosine that rounding led out of it; what is not a number
  /// stays so, that an overflow is seen.
  package var limitedToOne: DoubleDouble { self > 1 ? 1 : self < -1 ? -1 : self }
}

extension DoubleDouble: SignedNumeric {
  package init?<T: BinaryInteger>(exactly source: T) {
    guard let value = Double(exactly: source) else { return nil }
    self.init(value)
  }

  package var magnitude: DoubleDouble { high < 0 ? -self : self }

  package static prefix func - (a: DoubleDouble) -> DoubleDouble {
    DoubleDouble(-a.high, -a.low)
  }

  package static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let (sum, rounding) = twoSum(a.high, b.high)
    let (lowSum, lowRounding) = twoSum(a.low, b.low)
    let (next, rest) = twoSum(sum, rounding + lowSum)
    return DoubleDouble(next, rest + lowRounding)
  }

  package static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + -b }

  package static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let (product, error) = twoProduct(a.high, b.high)
    return DoubleDouble(product, error + (a.high * b.low + a.low * b.high))
  }

  package static func *= (a: inout DoubleDouble, b: DoubleDouble) { a = a * b }

  /// Long division in base 2^53, with one digit more than is kept.
  package static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let first = a.high / b.high
    let rest = a - b * DoubleDouble(first)
    let second = rest.high / b.high
    let last = (rest - b * DoubleDouble(second)).high / b.high
    return DoubleDouble(first, second) + DoubleDouble(last)
  }
}
