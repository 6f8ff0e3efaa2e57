internal import CKernels

/// What one pass over a stream learns of a region.
struct RankTally: Sendable {
  /// How a region is narrowed down.
  private enum Kind { case magnitudes, keys, indices, elements }

  let region: RankRegion
  private let order: RankOrder
  private let kind: Kind
  private var magnitudes: [Int64] = []
  private var keyBins: RankBins
  private var indexBins: RankBins
  private var least = Int64.max
  private var greatest = Int64.min
  private var keys: [Int64] = []
  private var indices: [Int64] = []

  /// - Parameters:
  ///   - region: Where the element is.
  ///   - order: What elements are ranked by.
  ///   - isWhole: Whether the region is everything; magnitudes are counted by power of two then.
  ///   - gatherLimit: A region of no more elements is gathered instead of counted.
  init(region: RankRegion, order: RankOrder, isWhole: Bool, gatherLimit: Int) {
    self.region = region
    self.order = order
    keyBins = RankBins(from: region.keys.lowerBound, through: region.keys.upperBound)
    indexBins = RankBins(
      from: Int64(region.indices.lowerBound), through: Int64(region.indices.upperBound - 1))
    if region.population <= gatherLimit {
      kind = .elements
    } else if region.isSingleKey {
      kind = .indices
    } else {
      kind = isWhole && order == .magnitude ? .magnitudes : .keys
    }
  }

  /// Takes values of the stream, the first of which has the index `firstIndex`.
  mutating func add(_ values: Span<Double>, firstIndex: Int) {
    if kind == .magnitudes {
      MagnitudeBins.count(values, in: &magnitudes)
      return
    }
    // Only these may belong to the region.
    let indices = region.indices.clamped(to: firstIndex..<firstIndex + values.count)
    let values = values.extracting(
      indices.lowerBound - firstIndex..<indices.upperBound - firstIndex)
    let (keys, block) = (region.keys, 1024)
    unsafe withUnsafeTemporaryAllocation(of: Int64.self, capacity: 2 * block) { room in
      let foundKeys = unsafe UnsafeMutableBufferPointer(rebasing: room[..<block])
      let foundIndices = unsafe UnsafeMutableBufferPointer(rebasing: room[block...])
      unsafe values.withUnsafeBufferPointer { values in
        for start in stride(from: 0, to: values.count, by: block) {
          let part = unsafe UnsafeBufferPointer(rebasing: values[start...].prefix(block))
          // Safe: there is room for as many keys and indices as values.
          let count = unsafe ctl_find_keys(
            order.kernelOrder, part.baseAddress, part.count, Int64(indices.lowerBound + start),
            keys.lowerBound, keys.upperBound, foundKeys.baseAddress, foundIndices.baseAddress)
          if count > 0 {
            unsafe take(
              Span(_unsafeElements: foundKeys[..<count]),
              Span(_unsafeElements: foundIndices[..<count]))
          }
        }
      }
    }
  }

  /// Takes elements of the region.
  private mutating func take(_ keys: Span<Int64>, _ indices: Span<Int64>) {
    switch kind {
    case .keys:
      keyBins.count(keys)
      indexBins.count(indices)
      for i in keys.indices {
        least = min(least, keys[i])
        greatest = max(greatest, keys[i])
      }
    case .indices:
      indexBins.count(indices)
    case .elements:
      for i in keys.indices {
        self.keys.append(keys[i])
        self.indices.append(indices[i])
      }
    case .magnitudes: break
    }
  }

  /// Adds what another part of the stream told of the same region.
  mutating func add(_ other: RankTally) {
    magnitudes.add(other.magnitudes)
    keyBins.add(other.keyBins)
    indexBins.add(other.indexBins)
    least = min(least, other.least)
    greatest = max(greatest, other.greatest)
    keys += other.keys
    indices += other.indices
  }

  /// Where in the region a rank (from 1 on) is.
  ///
  /// A stream that isn't the same in every pass (its file has changed) gives some place or other.
  func place(ofRank rank: Int) -> RankPlace {
    let fallback = RankPlace.element(
      key: region.keys.lowerBound, index: region.indices.upperBound - 1)
    switch kind {
    case .magnitudes:
      guard let found = MagnitudeBins.find(rank, in: magnitudes) else { return fallback }
      return narrowed(to: found.keys, found.population, rank: found.rank)
    case .keys where least == greatest:
      return equal(least, rank: rank) ?? fallback
    case .keys:
      let counts = keyBins.counts
      guard let found = bin(ofRank: rank, in: counts, order: counts.indices.reversed()) else {
        return fallback
      }
      let keys = keyBins.range(of: found.bin).clamped(to: least...greatest)
      return narrowed(to: keys, Int(counts[found.bin]), rank: found.rank)
    case .indices:
      return equal(region.keys.lowerBound, rank: rank) ?? fallback
    case .elements:
      return gathered(rank: rank) ?? fallback
    }
  }

  private func narrowed(to keys: ClosedRange<Int64>, _ population: Int, rank: Int) -> RankPlace {
    var region = region
    region.keys = keys
    region.population = population
    return .region(region, rank: rank)
  }

  /// The place if all elements have one key: the lowest index ranks highest.
  private func equal(_ key: Int64, rank: Int) -> RankPlace? {
    let counts = indexBins.counts
    guard let found = bin(ofRank: rank, in: counts, order: counts.indices) else { return nil }
    let range = indexBins.range(of: found.bin)
    if indexBins.areSingle { return .element(key: key, index: Int(range.lowerBound)) }
    return .region(
      RankRegion(
        keys: key...key, indices: Int(range.lowerBound)..<Int(range.upperBound) + 1,
        population: Int(counts[found.bin])),
      rank: found.rank)
  }

  /// The place among all elements of the region.
  private func gathered(rank: Int) -> RankPlace? {
    guard let key = nthSmallest(keys, keys.count - rank) else { return nil }
    var greater = 0
    var equals: [Int64] = []
    for i in keys.indices {
      greater += keys[i] > key ? 1 : 0
      if keys[i] == key { equals.append(indices[i]) }
    }
    guard let index = nthSmallest(equals, rank - greater - 1) else { return nil }
    return .element(key: key, index: Int(index))
  }
}
