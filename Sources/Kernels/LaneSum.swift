/// Eight interleaved running sums with their rounding errors.
///
/// Element i of a stream belongs to lane i mod 8, so a total depends on the stream alone: not on how
/// it is cut into tiles, nor on the processor. The error of each addition (Knuth's TwoSum) is added
/// up apart, which makes the total about as accurate as twice the precision would.
struct LaneSum {
  typealias Lanes = SIMD8<Double>

  private var sums = Lanes.zero
  private var errors = Lanes.zero

  /// Adds one value to each lane.
  @inline(__always)
  mutating func add(_ values: Lanes) {
    let next = sums + values
    let partOfValues = next - sums
    let partOfSums = next - partOfValues
    errors += (sums - partOfSums) + (values - partOfValues)
    sums = next
  }

  /// The sum of all lanes, in the order of the lanes.
  var total: Double {
    var total = 0.0
    var error = 0.0
    for i in sums.indices {
      let (next, rounding) = twoSum(total, sums[i])
      total = next
      error += rounding + errors[i]
    }
    // After an overflow the errors mean nothing.
    return total.isFinite ? total + error : total
  }
}

/// The position in a stream whose elements are dealt to eight lanes.
struct LaneCursor {
  /// The number of elements that have passed.
  private(set) var position = 0

  /// Calls `body` for the next `count` elements in groups of one per lane.
  ///
  /// A group at a seam between tiles may use some lanes only: `offset` counts elements from the start
  /// of the tile, and lanes outside `lanes` have no element in it.
  @inline(__always)
  mutating func advance(by count: Int, _ body: (_ offset: Int, _ lanes: Range<Int>) -> Void) {
    var offset = 0
    while offset < count {
      let lane = (position &+ offset) & 7
      let length = min(8 &- lane, count &- offset)
      body(offset, lane..<(lane &+ length))
      offset &+= length
    }
    position += count
  }
}

/// The elements of a tile that belong to `lanes`; NaN in the other lanes.
@inline(__always)
func loadLanes(_ values: Span<Double>, _ offset: Int, _ lanes: Range<Int>) -> LaneSum.Lanes {
  if lanes.count == 8 {
    precondition(offset >= 0 && offset <= values.count - 8)
    // One load of 64 bytes instead of eight checked ones. Safe: the range was checked above.
    return unsafe values.withUnsafeBufferPointer { source in
      unsafe UnsafeRawBufferPointer(source).loadUnaligned(
        fromByteOffset: 8 &* offset, as: LaneSum.Lanes.self)
    }
  }
  var group = LaneSum.Lanes(repeating: .nan)
  for lane in lanes { group[lane] = values[offset + lane - lanes.lowerBound] }
  return group
}
