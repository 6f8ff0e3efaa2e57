internal import CKernels

/// Where the last element that is kept may be: keys and indices, and how many elements have both.
struct RankRegion: Equatable, Sendable {
  var keys: ClosedRange<Int64>
  var indices: Range<Int>
  var population: Int

  /// Whether all elements in the region are equal.
  var isSingleKey: Bool { keys.lowerBound == keys.upperBound }
}

/// The place of a rank: in a region, where it counts from 1 for the highest element, or an element.
enum RankPlace: Equatable, Sendable {
  case region(RankRegion, rank: Int)
  case element(key: Int64, index: Int)
}

/// Counts in at most 65536 bins of one size, which are a power of two.
///
/// The bins are made when something is counted, so that an empty one costs nothing.
struct RankBins: Sendable {
  private static let bits = 16
  private let lowest: Int64
  private let span: UInt64
  private let shift: UInt64
  private(set) var counts: [Int64] = []

  /// Bins for integers from `lowest` to `highest`.
  init(from lowest: Int64, through highest: Int64) {
    self.lowest = lowest
    span = UInt64(bitPattern: highest &- lowest)
    shift = UInt64(max(0, 64 - span.leadingZeroBitCount - RankBins.bits))
  }

  /// Whether a bin holds a single integer.
  var areSingle: Bool { shift == 0 }

  /// Counts integers of the range.
  mutating func count(_ values: Span<Int64>) {
    if counts.isEmpty { counts = [Int64](repeating: 0, count: Int(span >> shift) + 1) }
    let (lowest, shift) = (lowest, shift)
    var counts = counts.mutableSpan
    for i in values.indices {
      counts[Int(UInt64(bitPattern: values[i] &- lowest) >> shift)] &+= 1
    }
  }

  /// Adds the counts of bins of the same range.
  mutating func add(_ other: RankBins) { counts.add(other.counts) }

  /// The integers of a bin.
  func range(of bin: Int) -> ClosedRange<Int64> {
    let first = UInt64(bin) << shift
    let last = min(span, first + ((1 << shift) - 1))
    return lowest &+ Int64(bitPattern: first)...lowest &+ Int64(bitPattern: last)
  }
}

extension [Int64] {
  /// Adds counts to counts; none at all stands for zeros.
  mutating func add(_ other: [Int64]) {
    if isEmpty {
      self = other
    } else if !other.isEmpty {
      for i in indices { self[i] &+= other[i] }
    }
  }
}

/// The bin in which a rank (from 1 on) lies when bins are gone through in an order, and its rank
/// there; nil where they hold fewer elements.
func bin(
  ofRank rank: Int, in counts: [Int64], order: some Sequence<Int>
) -> (bin: Int, rank: Int)? {
  var rest = Int64(rank)
  for bin in order {
    if rest <= counts[bin] { return (bin, Int(rest)) }
    rest -= counts[bin]
  }
  return nil
}

/// The element of a position (from 0 on) if integers were sorted in ascending order.
///
/// Counts in 2048 bins between the extremes and goes on with the integers of one bin: every round
/// takes linear time and 11 bits, whatever the integers are.
func nthSmallest(_ values: [Int64], _ position: Int) -> Int64? {
  var values = values
  var position = position
  guard values.indices.contains(position) else { return nil }
  while var (least, greatest) = values.first.map({ ($0, $0) }) {
    for value in values {
      least = min(least, value)
      greatest = max(greatest, value)
    }
    if least == greatest { return least }
    let span = UInt64(bitPattern: greatest &- least)
    let shift = UInt64(max(0, 64 - span.leadingZeroBitCount - 11))
    var counts = [Int64](repeating: 0, count: 2048)
    for value in values { counts[Int(UInt64(bitPattern: value &- least) >> shift)] += 1 }
    guard let found = bin(ofRank: position + 1, in: counts, order: counts.indices) else { break }
    values = values.filter { Int(UInt64(bitPattern: $0 &- least) >> shift) == found.bin }
    position = found.rank - 1
  }
  return nil
}
