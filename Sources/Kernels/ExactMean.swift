internal import CKernels
package import Checkpoints

/// The mean of k sources, correctly rounded: the number of the output's type nearest to the exact
/// mean, ties to even, whatever the order of the sources.
///
/// **Fast path.** Sums are taken in Float64 with the error of each addition (Knuth's TwoSum). While
/// all errors of a tile are zero its sums s are exact. One division gives q = s/k, correctly rounded;
/// ``ElementEncoding`` then rounds q to the output's type, and the two roundings together are one:
///
/// * Both roundings are monotone, and the midpoints m of the narrow type are numbers of Float64. If
///   q ≠ m for all of them then q lies on the same side of each as s/k does, and rounds like it.
/// * If q = m then s/k = m. Let k = K·2^i and |m| = M·2^j with 1 <= K, M < 2. A midpoint has at most
///   25 significant bits, so for k < 2^27 both s and mk are multiples of the last bit u of s, and
///   s ≠ mk would mean |s/k - m| >= u/k. If s has the exponent i + j (or a larger one) then u/k is at
///   least 2^(j-52)/K, which exceeds half of m's last bit, 2^(j-53), as K < 2: q would not be the
///   number nearest to s/k. If s has a smaller exponent then 2^(i+j) lies between s and mk; either
///   mk is further from it by 2^(i+j-52) at least, which gives the same bound, or mk = 2^(i+j), so
///   that K = 1, k is a power of two and the division is exact.
///
/// For Float64 itself the division is the only rounding, and for k = 2 not even the sum need be exact:
/// halving s = a + b rounds only where s is subnormal, and there sums are exact.
///
/// **Second path.** Where errors occur, the tile is computed again with sums of twice the precision:
/// ``CompensatedMean``. That decides all but a few cases, ties included.
///
/// **Slow path.** Otherwise (cancellation, overflow of the sum, nearly a tie) the mean is taken from an
/// ``ExactSum``. Infinities and NaN follow IEEE 754; NaN is the positive quiet one.
package struct ExactMean {
  /// The greatest number of sources for which the fast path is proven.
  package static let maximumSourceCount = 1 << 26

  private let sourceCount: Int
  private var sum = ExactSum()

  /// A mean of `sourceCount` sources.
  ///
  /// - Parameter sourceCount: From 1 to ``maximumSourceCount``; anything else is a fault of the
  ///   caller.
  package init(sourceCount: Int) {
    precondition((1...ExactMean.maximumSourceCount).contains(sourceCount))
    self.sourceCount = sourceCount
  }

  /// Computes the mean of one tile of each source.
  ///
  /// - Parameters:
  ///   - sources: Value i of source j at `j * stride + i`.
  ///   - stride: The distance between sources, at least `result.count`.
  ///   - type: The floating-point type that the result will be encoded in.
  ///   - result: Receives values that ``ElementEncoding`` turns into the correctly rounded means.
  ///     They aren't rounded to `type` before that.
  package mutating func combine(
    _ sources: Span<Double>, stride: Int, as type: ElementType,
    into result: inout MutableSpan<Double>
  ) {
    let count = result.count
    precondition(count <= stride && (sourceCount - 1) * stride + count <= sources.count)
    guard let format = FloatFormat(type) else {
      preconditionFailure("a mean can't be rounded to \(type)")
    }
    let first = sources.extracting(0..<count)
    let isExact: Bool
    switch sourceCount {
    case 1:
      LinearCombination.assign(first, scaledBy: 1, to: &result)
      return
    case 2 where type == .float64:
      let second = sources.extracting(stride..<(stride + count))
      isExact = ExactMean.halveSums(first, second, &result)
    default:
      isExact = addAll(sources, stride, &result)
    }
    if !isExact { repair(sources, stride, format, &result) }
  }

  /// `(a + b) / 2`; false where a sum isn't finite.
  private static func halveSums(
    _ a: Span<Double>, _ b: Span<Double>, _ result: inout MutableSpan<Double>
  ) -> Bool {
    let count = result.count
    precondition(a.count == count && b.count == count)
    for i in 0..<count { result[i] = (a[i] + b[i]) * 0.5 }
    return FiniteCheck.allFinite(result.span)
  }

  /// Sums divided by the number of sources; false where a sum isn't exact.
  private func addAll(
    _ sources: Span<Double>, _ stride: Int, _ result: inout MutableSpan<Double>
  ) -> Bool {
    let count = result.count
    var isExact = true
    LinearCombination.assign(sources.extracting(0..<count), scaledBy: 1, to: &result)
    for j in 1..<sourceCount {
      let source = sources.extracting((j * stride)..<(j * stride + count))
      // Safe: both have `count` values.
      unsafe source.withUnsafeBufferPointer { values in
        unsafe result.withUnsafeMutableBufferPointer { sums in
          let isSumExact = unsafe ctl_add_exactly(values.baseAddress, sums.baseAddress, count)
          isExact = isExact && isSumExact
        }
      }
    }
    LinearCombination.divide(&result, by: Double(sourceCount))
    return isExact
  }

  /// Computes again, as not all sums were exact.
  private mutating func repair(
    _ sources: Span<Double>, _ stride: Int, _ format: FloatFormat,
    _ result: inout MutableSpan<Double>
  ) {
    let count = result.count
    var means = CompensatedMean(first: sources.extracting(0..<count))
    for j in 1..<sourceCount {
      means.add(sources.extracting((j * stride)..<(j * stride + count)))
    }
    means.means(roundedTo: format, into: &result)
    guard FiniteCheck.containsNaN(result.span) else { return }
    for i in result.indices where result[i].isNaN {
      result[i] = exactMean(sources, stride, i, format)
    }
  }

  private mutating func exactMean(
    _ sources: Span<Double>, _ stride: Int, _ index: Int, _ format: FloatFormat
  ) -> Double {
    sum.reset()
    var special = 0.0
    for j in 0..<sourceCount {
      let value = sources[j * stride + index]
      if value.isFinite { sum.add(value) } else { special += value }
    }
    if special.isNaN { return .nan }
    if special != 0 { return special }
    return sum.divided(by: sourceCount, roundedTo: format)
  }
}

/// The rounded sum of two values and its error: `a + b = sum + error` exactly (Knuth).
///
/// The error is +0 where the sum is exact, and not a number where the sum overflows.
@inline(__always)
func twoSum(_ a: Double, _ b: Double) -> (sum: Double, error: Double) {
  let sum = a + b
  let partOfB = sum - a
  let partOfA = sum - partOfB
  return (sum, (a - partOfA) + (b - partOfB))
}

/// Rounded product and its error, which is exact unless it is below 2^-1074.
@inline(__always)
func twoProduct(_ a: Double, _ b: Double) -> (product: Double, error: Double) {
  let product = a * b
  return (product, (-product).addingProduct(a, b))
}
