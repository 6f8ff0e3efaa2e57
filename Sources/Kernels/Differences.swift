/// How much two tensors of the same shape differ; values are fed in order, tile by tile.
///
/// The results don't depend on how the streams are cut into tiles. NaN equals NaN and an infinity
/// equals itself at the same place. Where one value of an unequal pair isn't finite, their
/// distances are infinite, and the pair takes no part in `rootMeanSquare` and `cosine`.
package struct Differences {
  private typealias Lanes = LaneSum.Lanes

  private let tolerance: Lanes
  private var cursor = LaneCursor()
  private var greatestDistance = Lanes.zero
  private var greatestRatio = Lanes.zero
  private var differing = SIMD8<Int64>.zero
  private var comparable = SIMD8<Int64>.zero
  private var squaredDistances = LaneSum()
  private var squaresOfA = LaneSum()
  private var squaresOfB = LaneSum()
  private var products = LaneSum()

  /// No differences yet.
  ///
  /// - Parameter tolerance: The greatest |a - b| of a pair that isn't counted.
  package init(tolerance: Double = 0) {
    self.tolerance = Lanes(repeating: tolerance)
  }

  /// Takes the next pairs of values.
  package mutating func add(_ a: Span<Double>, _ b: Span<Double>) {
    precondition(a.count == b.count)
    // Copies in local variables stay in registers.
    var copy = self
    var cursor = self.cursor
    cursor.advance(by: a.count) { offset, lanes in
      // Lanes without an element hold NaN twice: equal, and not counted as comparable.
      copy.add(loadLanes(a, offset, lanes), loadLanes(b, offset, lanes))
    }
    self = copy
    self.cursor = cursor
  }

  @inline(__always)
  private mutating func add(_ a: Lanes, _ b: Lanes) {
    let isComparable = ((a - a) .== 0) .& ((b - b) .== 0)
    let isEqual = (a .== b) .| ((a .!= a) .& (b .!= b))
    let x = Lanes.zero.replacing(with: a, where: isComparable)
    let y = Lanes.zero.replacing(with: b, where: isComparable)
    let difference = x - y
    let distance = absolute(difference)
      .replacing(with: .infinity, where: .!(isComparable .| isEqual))

    // Zero by zero isn't a number and loses the comparison below.
    let magnitudeOfX = absolute(x)
    let magnitudeOfY = absolute(y)
    let scale = magnitudeOfX.replacing(with: magnitudeOfY, where: magnitudeOfY .> magnitudeOfX)
    let ratio = distance / scale

    greatestDistance.replace(with: distance, where: distance .> greatestDistance)
    greatestRatio.replace(with: ratio, where: ratio .> greatestRatio)
    differing.replace(with: differing &+ 1, where: distance .> tolerance)
    comparable.replace(with: comparable &+ 1, where: isComparable)
    squaredDistances.add(difference * difference)
    squaresOfA.add(x * x)
    squaresOfB.add(y * y)
    products.add(x * y)
  }

  @inline(__always)
  private func absolute(_ x: Lanes) -> Lanes {
    unsafe unsafeBitCast(
      unsafe unsafeBitCast(x, to: SIMD8<UInt64>.self) & 0x7FFF_FFFF_FFFF_FFFF, to: Lanes.self)
  }

  /// The number of pairs.
  package var count: Int { cursor.position }
  /// The number of pairs that differ by more than the tolerance.
  package var differingCount: Int { Int(differing.wrappedSum()) }
  /// max |a - b|.
  package var maximumAbsolute: Double { greatestDistance.max() }
  /// max |a - b| / max(|a|, |b|); 0 for two zeros.
  package var maximumRelative: Double { greatestRatio.max() }

  /// The root of the mean of (a - b)² over the finite pairs; 0 where there is none.
  package var rootMeanSquare: Double {
    let n = comparable.wrappedSum()
    return n == 0 ? 0 : (squaredDistances.total / Double(n)).squareRoot()
  }

  /// Σab / (|a| |b|) over the finite pairs; nil where a norm is zero or overflows.
  package var cosine: Double? {
    let (squareA, squareB) = (squaresOfA.total, squaresOfB.total)
    // One root makes equal tensors' cosine exactly 1; two are for squares whose product overflows.
    let product = squareA * squareB
    let norms =
      product.isNormal ? product.squareRoot() : squareA.squareRoot() * squareB.squareRoot()
    guard norms > 0, norms.isFinite else { return nil }
    return Swift.min(1, Swift.max(-1, products.total / norms))
  }
}
