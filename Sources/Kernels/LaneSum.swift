internal import CKernels

/// Eight interleaved running sums with their rounding errors.
///
/// Element i of a stream belongs to lane i mod 8, so a total depends on the stream alone: not on how
/// it is cut into tiles, nor on the processor. The error of each addition (Knuth's TwoSum) is added
/// up apart, which makes the total about as accurate as twice the precision would.
extension ctl_lane_sum {
  /// The sum of all lanes, in the order of the lanes.
  var total: Double {
    let (value, error) = parts
    return value + error
  }

  /// The sum of all lanes as an unevaluated sum of a number and a small correction.
  ///
  /// After an overflow the errors mean nothing, and the correction is zero.
  var parts: (value: Double, error: Double) {
    let (sums, errors) = (LaneValues(sums), LaneValues(errors))
    var total = 0.0
    var error = 0.0
    for i in sums.indices {
      let (next, rounding) = twoSum(total, sums[i])
      total = next
      error += rounding + errors[i]
    }
    return total.isFinite ? (total, error) : (total, 0)
  }

  /// Adds the sums of another stream, lane by lane.
  mutating func add(_ other: ctl_lane_sum) {
    let (a, b) = (LaneValues(sums), LaneValues(other.sums))
    let next = a + b
    let partOfB = next - a
    let partOfA = next - partOfB
    let rounding = (a - partOfA) + (b - partOfB)
    let corrections = LaneValues(errors) + LaneValues(other.errors) + rounding
    sums = next.tuple
    errors = corrections.tuple
  }
}

typealias LaneValues = SIMD8<Double>
typealias LaneCounts = SIMD8<Int64>
/// An array of C with one element per lane, as Swift sees it.
typealias LaneTuple<Element> = (
  Element, Element, Element, Element, Element, Element, Element, Element
)

extension SIMD8 {
  /// The elements of an array of C.
  init(_ lanes: LaneTuple<Scalar>) {
    self.init(lanes.0, lanes.1, lanes.2, lanes.3, lanes.4, lanes.5, lanes.6, lanes.7)
  }

  /// The elements as an array of C.
  var tuple: LaneTuple<Scalar> {
    (self[0], self[1], self[2], self[3], self[4], self[5], self[6], self[7])
  }
}

/// The position in a stream whose elements are dealt to eight lanes.
struct LaneCursor {
  /// The number of elements that have passed.
  private(set) var position = 0

  /// Calls `body` for the next `count` elements in groups of one per lane.
  ///
  /// Whole groups come as one range of elements, with all lanes. A group at a seam between tiles may
  /// use some lanes only: the others have no element in it.
  @inline(__always)
  mutating func advance(
    by count: Int, _ body: (_ elements: Range<Int>, _ lanes: Range<Int>) -> Void
  ) {
    var offset = 0
    while offset < count {
      let lane = (position &+ offset) & 7
      let rest = count &- offset
      let length = lane == 0 && rest >= 8 ? rest & ~7 : min(8 &- lane, rest)
      body(offset..<offset &+ length, length >= 8 ? 0..<8 : lane..<(lane &+ length))
      offset &+= length
    }
    position += count
  }
}

/// A group that uses some lanes only; the other ones hold NaN.
func paddedGroup(
  _ values: Span<Double>, _ elements: Range<Int>, _ lanes: Range<Int>
) -> [Double] {
  var group = [Double](repeating: .nan, count: 8)
  for (lane, i) in zip(lanes, elements) { group[lane] = values[i] }
  return group
}
