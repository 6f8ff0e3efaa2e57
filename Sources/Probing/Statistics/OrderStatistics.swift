/// The values that stand at given places among sorted samples, found without holding the samples.
///
/// Samples are read four times. Each time 16 further bits of every wanted value are found, from the
/// number of samples that agree with it in the bits before, by their next 16 bits. So it takes 512 KiB
/// for each wanted value, whatever the number of samples. Zeros are alike; there must be no NaN.
struct OrderStatistics {
  private static let digit = 16

  /// A value of which some bits are known.
  private struct Wanted {
    /// Its place among the samples that agree with it in the bits that are known.
    var place: Int
    /// Those bits.
    var known: UInt64 = 0
  }

  private let values: [Int: Double]

  /// - Parameters:
  ///   - places: The places, from 0, each below the number of samples.
  ///   - replay: Tells all samples, in any order; called several times.
  /// - Throws: What `replay` throws.
  init<Failure: Error>(
    at places: Set<Int>, replay: (_ body: (Double) -> Void) throws(Failure) -> Void
  ) throws(Failure) {
    let places = places.sorted()
    var wanted = places.map { Wanted(place: $0) }
    for shift in stride(from: 64 - Self.digit, through: 0, by: -Self.digit) {
      // Ascending, as the places are.
      let prefixes = wanted.map(\.known).reduce(into: [UInt64]()) { prefixes, known in
        if prefixes.last != known { prefixes.append(known) }
      }
      var counts = [Int](repeating: 0, count: prefixes.count << Self.digit)
      try replay { sample in
        let bits = Self.key(sample) >> UInt64(shift)
        let known = bits >> UInt64(Self.digit)
        guard let number = prefixes.firstIndex(of: known) else { return }
        counts[number << Self.digit + Int(bits & 0xffff)] += 1
      }
      for number in wanted.indices {
        let first = (prefixes.firstIndex(of: wanted[number].known) ?? 0) << Self.digit
        var next = 0
        while next < 0xffff, wanted[number].place >= counts[first + next] {
          wanted[number].place -= counts[first + next]
          next += 1
        }
        wanted[number].known = wanted[number].known << UInt64(Self.digit) | UInt64(next)
      }
    }
    values = Dictionary(
      uniqueKeysWithValues: zip(places, wanted.map { Self.value(ofKey: $0.known) }))
  }

  /// The value at a place that was asked for.
  subscript(_ place: Int) -> Double {
    guard let value = values[place] else { preconditionFailure("a place that nobody asked for") }
    return value
  }

  /// A number that orders as the value does: the signed magnitude of its bits, from the least up.
  private static func key(_ value: Double) -> UInt64 {
    // The sum makes -0 a 0.
    let bits = (value + 0).bitPattern
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }

  private static func value(ofKey key: UInt64) -> Double {
    Double(bitPattern: key >> 63 == 0 ? ~key : key & ~(1 << 63))
  }
}
