/// A search for the elements of given ranks in a stream that is read several times.
///
/// Nothing is sorted. A pass counts elements in bins; the bin that holds the wanted rank is the
/// region of the next pass, and as soon as a region holds few elements, they are gathered. Among
/// equal elements the search goes on by their indices. So the result is exact whatever the data:
///
///     while !selection.isComplete {
///       let pass = reduce(selection.emptyPass) { $0.add(values, firstIndex: i) } merge: { $0.add($1) }
///       selection.advance(with: pass)
///     }
///     let cutoffs = selection.cutoffs
///
/// A pass must see every element once, with the same index as in other passes; how the stream is cut
/// and in which order its parts are merged makes no difference.
///
/// * **Passes:** one for up to 262144 elements; mostly two for up to some hundred million; up to two
///   more where very many elements are equal, and never more than eight.
/// * **Memory:** a partial of a pass has 0.5 MB in the first pass, up to 1 MB for each cutoff later;
///   gathered elements take up to 4 MB for each cutoff, all partials together.
package struct RankSelection: Sendable {
  private enum Search: Sendable {
    case found(Cutoff)
    case open(RankRegion, rank: Int)
  }

  /// Of which equal elements it matters which ones are kept.
  private enum Ties { case all, exceptZeros, none }

  /// How many elements of a region are gathered instead of counted.
  package static let usualGatherLimit = 1 << 18

  private let order: RankOrder
  private let ties: Ties
  private let gatherLimit: Int
  private var isFirstPass = true
  private var searches: [Search]

  /// A search for the cutoffs that keep the highest elements.
  ///
  /// - Parameters:
  ///   - counts: How many elements each cutoff keeps; one that keeps none or all needs no search.
  ///   - elementCount: How many elements the stream has.
  ///   - order: What elements are ranked by.
  ///   - distinguishingZeros: Whether it matters which zeros are kept. If not, a cutoff of magnitudes
  ///     that would part the zeros keeps all of them, which may save two passes.
  ///   - gatherLimit: Regions of no more elements are gathered; for tests.
  package init(
    keeping counts: [Int], of elementCount: Int, by order: RankOrder = .magnitude,
    distinguishingZeros: Bool = true, gatherLimit: Int = usualGatherLimit
  ) {
    self.order = order
    self.gatherLimit = gatherLimit
    ties = distinguishingZeros || order == .value ? .all : .exceptZeros
    searches = counts.map { count in
      if count <= 0 { return .found(.nothing(order)) }
      if count >= elementCount { return .found(.everything(order)) }
      return .open(RankSelection.everything(elementCount, order), rank: count)
    }
  }

  /// A search for quantiles: for the elements at these positions in ascending order, from 0 on.
  ///
  /// They are the thresholds of the cutoffs, each of which keeps what is equal or greater. Positions
  /// that there aren't become the nearest; of no elements the threshold is NaN.
  package init(
    ascending positions: [Int], of elementCount: Int, by order: RankOrder = .magnitude,
    gatherLimit: Int = usualGatherLimit
  ) {
    self.order = order
    self.gatherLimit = gatherLimit
    ties = .none
    searches = positions.map { position in
      if elementCount <= 0 { return .found(.nothing(order)) }
      let position = min(max(0, position), elementCount - 1)
      return .open(RankSelection.everything(elementCount, order), rank: elementCount - position)
    }
  }

  private static func everything(_ count: Int, _ order: RankOrder) -> RankRegion {
    RankRegion(
      keys: order.leastKey...RankOrder.greatestKey, indices: 0..<count, population: count)
  }

  /// How many passes a search in so many elements takes, unless very many of them are equal.
  package static func usualPassCount(for elementCount: Int) -> Int {
    elementCount <= usualGatherLimit ? 1 : 2
  }

  /// Whether all cutoffs are known.
  package var isComplete: Bool {
    searches.allSatisfy { if case .found = $0 { true } else { false } }
  }

  /// The cutoffs in the order in which they were asked for; to be asked of a complete search.
  package var cutoffs: [Cutoff] {
    searches.map { search in
      guard case .found(let cutoff) = search else {
        preconditionFailure("a search isn't complete")
      }
      return cutoff
    }
  }

  /// What the next pass starts from; it takes no room before it has seen elements.
  package var emptyPass: RankPass {
    var regions: [RankRegion] = []
    for case .open(let region, _) in searches where !regions.contains(region) {
      regions.append(region)
    }
    return RankPass(
      tallies: regions.map {
        RankTally(region: $0, order: order, isWhole: isFirstPass, gatherLimit: gatherLimit)
      })
  }

  /// Closes a pass.
  package mutating func advance(with pass: RankPass) {
    searches = searches.map { search in
      guard case .open(let region, let rank) = search,
        let tally = pass.tallies.first(where: { $0.region == region })
      else { return search }
      switch tally.place(ofRank: rank) {
      case .element(let key, let index):
        return .found(Cutoff(order: order, key: key, lastIndex: isSettled(key) ? .max : index))
      case .region(let region, let rank):
        let key = region.keys.lowerBound
        return region.isSingleKey && isSettled(key)
          ? .found(Cutoff(order: order, key: key, lastIndex: .max)) : .open(region, rank: rank)
      }
    }
    isFirstPass = false
  }

  /// Whether it makes no difference which elements with a key are kept.
  private func isSettled(_ key: Int64) -> Bool {
    switch ties {
    case .all: false
    case .exceptZeros: key == 0
    case .none: true
    }
  }
}

/// One pass over the elements of a stream, or the part of it that has seen some of them.
package struct RankPass: Sendable {
  fileprivate(set) var tallies: [RankTally]

  /// Takes values, the first of which has the index `firstIndex` in the stream.
  package mutating func add(_ values: Span<Double>, firstIndex: Int) {
    for i in tallies.indices { tallies[i].add(values, firstIndex: firstIndex) }
  }

  /// Takes what another part has seen.
  package mutating func add(_ other: RankPass) {
    precondition(tallies.count == other.tallies.count)
    for i in tallies.indices { tallies[i].add(other.tallies[i]) }
  }
}

extension RankSelection {
  /// The cutoffs of a search in values that are all in memory, such as a row.
  package mutating func search(_ values: Span<Double>) -> [Cutoff] {
    while !isComplete {
      var pass = emptyPass
      pass.add(values, firstIndex: 0)
      advance(with: pass)
    }
    return cutoffs
  }
}
