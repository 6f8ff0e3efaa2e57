internal import CKernels

/// The bins of a first pass over magnitudes: 1024 per power of two where weights and differences of
/// weights lie, and one each for zeros, for what is below and for what is above.
///
/// A bin of ordinary data holds about a thousandth of it, so that a second pass can gather it.
enum MagnitudeBins {
  private static let count = Int(ctl_magnitude_bins) + 3
  private static let first = Int64(ctl_first_magnitude_bin)
  private static let shift = Int64(ctl_magnitude_shift)

  /// Counts values.
  static func count(_ values: Span<Double>, in bins: inout [Int64]) {
    if bins.isEmpty { bins = [Int64](repeating: 0, count: count) }
    unsafe values.withUnsafeBufferPointer { values in
      unsafe bins.withUnsafeMutableBufferPointer {
        // Safe: there are as many bins as the kernel knows.
        unsafe ctl_count_magnitudes(values.baseAddress, values.count, $0.baseAddress)
      }
    }
  }

  /// The keys of the bin where a rank is, how many elements it holds, and the rank there.
  static func find(
    _ rank: Int, in bins: [Int64]
  ) -> (keys: ClosedRange<Int64>, population: Int, rank: Int)? {
    guard let found = bin(ofRank: rank, in: bins, order: bins.indices.reversed()) else {
      return nil
    }
    return (keys(of: found.bin), Int(bins[found.bin]), found.rank)
  }

  private static func keys(of bin: Int) -> ClosedRange<Int64> {
    switch bin {
    case 0: 0...0
    case 1: 1...(first << shift) - 1
    case count - 1: ((first + Int64(ctl_magnitude_bins)) << shift)...RankOrder.greatestKey
    default: ((first + Int64(bin) - 2) << shift)...((first + Int64(bin) - 1) << shift) - 1
    }
  }
}
