/// Statistics of a tensor's values, which are fed in order, tile by tile.
///
/// The results don't depend on how the stream is cut into tiles. NaN and infinities are counted and
/// left out of everything else. Squares of values beyond 1e154 overflow, so `l2` and
/// `standardDeviation` of such Float64 tensors are infinite.
package struct Statistics {
  private typealias Lanes = LaneSum.Lanes

  private var cursor = LaneCursor()
  private var least = Lanes(repeating: .infinity)
  private var greatest = Lanes(repeating: -.infinity)
  private var zeroLanes = SIMD8<Int64>.zero
  private var finiteLanes = SIMD8<Int64>.zero
  private var nanLanes = SIMD8<Int64>.zero
  private var absentLanes = 0
  /// The first finite value.
  ///
  /// Sums are taken of differences to it, as sums of squares lose their meaning where the mean is
  /// much larger than the deviation.
  private var shift: Double?
  private var differences = LaneSum()
  private var squaredDifferences = LaneSum()
  private var squares = LaneSum()

  /// Statistics of no values yet.
  package init() {}

  /// Takes the next values of the stream.
  package mutating func add(_ values: Span<Double>) {
    if shift == nil {
      for i in values.indices where values[i].isFinite {
        shift = values[i]
        break
      }
    }
    let shift = Lanes(repeating: shift ?? 0)
    // Copies in local variables stay in registers.
    var copy = self
    var cursor = self.cursor
    cursor.advance(by: values.count) { offset, lanes in
      copy.absentLanes &+= 8 &- lanes.count
      copy.add(loadLanes(values, offset, lanes), shift)
    }
    self = copy
    self.cursor = cursor
  }

  @inline(__always)
  private mutating func add(_ x: Lanes, _ shift: Lanes) {
    let isFinite = (x - x) .== 0
    let y = Lanes.zero.replacing(with: x, where: isFinite)
    let difference = Lanes.zero.replacing(with: x - shift, where: isFinite)
    least.replace(with: x, where: isFinite .& (x .< least))
    greatest.replace(with: x, where: isFinite .& (x .> greatest))
    zeroLanes.replace(with: zeroLanes &+ 1, where: x .== 0)
    finiteLanes.replace(with: finiteLanes &+ 1, where: isFinite)
    nanLanes.replace(with: nanLanes &+ 1, where: x .!= x)
    differences.add(difference)
    squaredDifferences.add(difference * difference)
    squares.add(y * y)
  }

  /// The number of values.
  package var count: Int { cursor.position }
  /// The number of NaN.
  package var nanCount: Int { Int(nanLanes.wrappedSum()) - absentLanes }
  /// The number of infinities of either sign.
  package var infiniteCount: Int { count - finiteCount - nanCount }
  /// The number of zeros of either sign.
  package var zeroCount: Int { Int(zeroLanes.wrappedSum()) }
  /// The number of finite values.
  package var finiteCount: Int { Int(finiteLanes.wrappedSum()) }

  /// The least finite value; nil where there is none.
  package var minimum: Double? { finiteCount == 0 ? nil : least.min() }
  /// The greatest finite value; nil where there is none.
  package var maximum: Double? { finiteCount == 0 ? nil : greatest.max() }

  /// The mean of the finite values; nil where there is none.
  package var mean: Double? {
    guard let shift else { return nil }
    return shift + differences.total / Double(finiteCount)
  }

  /// The standard deviation of the finite values as a population (divisor n); nil without any.
  package var standardDeviation: Double? {
    guard shift != nil else { return nil }
    let n = Double(finiteCount)
    let sum = differences.total
    let variance = (squaredDifferences.total - sum * (sum / n)) / n
    return variance > 0 ? variance.squareRoot() : 0
  }

  /// The Euclidean norm of the finite values.
  package var norm: Double { squares.total.squareRoot() }
}
