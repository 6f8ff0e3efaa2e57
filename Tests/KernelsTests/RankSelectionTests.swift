import Kernels
import TestSupport
import Testing

/// Cutoffs against sorting, for every kind of ties and any way to cut a stream.
@Suite struct RankSelectionTests {
  /// Streams of many kinds, each with its ties.
  enum Pattern: CaseIterable {
    case normal, uniformSigned, bfloat16, fewValues, equal, zeros, mostlyZeros, subnormal, special
    case anyBits, ascending

    func values(_ count: Int, _ generator: inout SeededGenerator) -> [Double] {
      (0..<count).map { i in
        let uniform = Double.random(in: -1...1, using: &generator)
        switch self {
        case .normal:
          return (0..<8).reduce(0) { sum, _ in sum + .random(in: -0.01...0.01, using: &generator) }
        case .uniformSigned: return uniform
        case .bfloat16:
          return Double(Float(bitPattern: Float(uniform * 1e-3).bitPattern & 0xFFFF_0000))
        case .fewValues: return (uniform * 2).rounded() * 0.25
        case .equal: return -0.125
        case .zeros: return uniform < 0 ? -0.0 : 0
        case .mostlyZeros: return uniform < 0.8 ? 0 : uniform
        case .subnormal:
          return (uniform * 1000).rounded() * .leastNonzeroMagnitude
        case .special:
          return [uniform, .infinity, -.infinity, .nan, -.nan, 0, 1e300, 1e-300, 17][i % 9]
        case .anyBits: return Double(bitPattern: generator.next())
        case .ascending: return Double(i)
        }
      }
    }
  }

  /// The order by definition.
  private func ranksAbove(_ a: Double, _ b: Double, _ order: RankOrder) -> Bool {
    if a.isNaN || b.isNaN { return a.isNaN && !b.isNaN }
    return order == .magnitude ? a.magnitude > b.magnitude : a > b
  }

  /// The indices from the highest element to the lowest.
  private func sorted(_ values: [Double], _ order: RankOrder) -> [Int] {
    values.indices.sorted { a, b in
      if ranksAbove(values[a], values[b], order) { return true }
      return !ranksAbove(values[b], values[a], order) && a < b
    }
  }

  /// Passes over sections of some length that are cut into tiles and merged.
  private func search(
    _ selection: RankSelection, _ values: [Double], section: Int, tile: Int, backwards: Bool = false
  ) -> (cutoffs: [Cutoff], passes: Int) {
    var selection = selection
    var passes = 0
    while !selection.isComplete {
      let starts = Array(stride(from: 0, to: values.count, by: section))
      let parts = starts.map { start in
        let end = min(start + section, values.count)
        var part = selection.emptyPass
        for i in stride(from: start, to: end, by: tile) {
          part.add(values.span.extracting(i..<min(i + tile, end)), firstIndex: i)
        }
        return part
      }
      var pass = selection.emptyPass
      for part in backwards ? parts.reversed() : parts { pass.add(part) }
      selection.advance(with: pass)
      passes += 1
    }
    return (selection.cutoffs, passes)
  }

  private func kept(_ cutoff: Cutoff, _ values: [Double]) -> [Int] {
    values.indices.filter { cutoff.keeps(values[$0], at: $0) }
  }

  @Test(arguments: Pattern.allCases, [RankOrder.magnitude, .value])
  func exactlyTheHighestAreKept(_ pattern: Pattern, _ order: RankOrder) {
    var generator = SeededGenerator(seed: 50)
    for (count, limit) in [(1, 9), (2, 1), (7, 1), (300, 300), (300, 20), (1500, 1), (1500, 64)] {
      let values = pattern.values(count, &generator)
      let ranking = sorted(values, order)
      let counts = [0, 1, 2, count / 3, count / 2, count - 1, count, count + 5]
      let selection = RankSelection(
        keeping: counts, of: count, by: order, gatherLimit: limit)
      let (cutoffs, passes) = search(selection, values, section: 400, tile: 77)
      for (cutoff, wanted) in zip(cutoffs, counts) {
        #expect(kept(cutoff, values) == ranking.prefix(max(0, wanted)).sorted())
      }
      #expect(passes <= 8)
    }
  }

  @Test(arguments: Pattern.allCases)
  func cuttingTheStreamChangesNothing(_ pattern: Pattern) {
    var generator = SeededGenerator(seed: 51)
    let values = pattern.values(1200, &generator)
    for limit in [1, 30, 1200] {
      let selection = RankSelection(keeping: [100, 101, 600], of: 1200, gatherLimit: limit)
      let whole = search(selection, values, section: 1200, tile: 1200)
      for (section, tile) in [(1200, 1), (250, 33), (1199, 500)] {
        for backwards in [false, true] {
          let cut = search(selection, values, section: section, tile: tile, backwards: backwards)
          #expect(cut.cutoffs == whole.cutoffs && cut.passes == whole.passes)
        }
      }
      #expect(
        KernelPath.portably { search(selection, values, section: 600, tile: 7).cutoffs }
          == whole.cutoffs)
    }
  }

  @Test(arguments: Pattern.allCases, [RankOrder.magnitude, .value])
  func thresholdsAreQuantiles(_ pattern: Pattern, _ order: RankOrder) {
    var generator = SeededGenerator(seed: 52)
    for (count, limit) in [(1, 1), (5, 5), (700, 700), (700, 10)] {
      let values = pattern.values(count, &generator)
      let ascending = Array(sorted(values, order).reversed())
      let positions = [0, count / 4, count / 2, 3 * count / 4, count - 1]
      let selection = RankSelection(
        ascending: positions, of: count, by: order, gatherLimit: limit)
      let cutoffs = search(selection, values, section: 300, tile: 100).cutoffs
      for (cutoff, position) in zip(cutoffs, positions) {
        let element = values[ascending[position]]
        let expected = order == .magnitude ? element.magnitude : element
        #expect(cutoff.threshold == expected || (cutoff.threshold.isNaN && expected.isNaN))
        #expect(
          kept(cutoff, values) == values.indices.filter { !ranksAbove(element, values[$0], order) })
      }
    }
    #expect(RankSelection(ascending: [0], of: 0).cutoffs[0].threshold.isNaN)
  }

  @Test(arguments: Pattern.allCases, [RankOrder.magnitude, .value])
  func applyingClearsTheRest(_ pattern: Pattern, _ order: RankOrder) {
    var generator = SeededGenerator(seed: 53)
    let values = pattern.values(300, &generator)
    for count in [0, 1, 99, 150, 299, 300] {
      var selection = RankSelection(keeping: [count], of: 300, by: order)
      let cutoff = selection.search(values.span)[0]
      let expected = values.indices.map { cutoff.keeps(values[$0], at: $0) ? values[$0] : 0 }
      let body = { (tile: Int) -> [UInt64] in
        stride(from: 0, to: 300, by: tile).flatMap { start in
          var part = Array(values[start..<min(start + tile, 300)])
          var span = part.mutableSpan
          cutoff.apply(to: &span, firstIndex: start)
          return part.map(\.bitPattern)
        }
      }
      for tile in [1, 7, 100, 300] {
        #expect(body(tile) == expected.map(\.bitPattern))
        #expect(KernelPath.portably { body(tile) } == expected.map(\.bitPattern))
      }
    }
  }

  /// Without a difference between zeros a cutoff among them keeps them all, in the first pass.
  @Test func zerosNeedNotBeToldApart() {
    var generator = SeededGenerator(seed: 54)
    let values = Pattern.mostlyZeros.values(1000, &generator)
    let nonzero = values.filter { $0 != 0 }.count
    for limit in [1, 1000] {
      let selection = RankSelection(
        keeping: [nonzero + 50, nonzero - 3], of: 1000, distinguishingZeros: false,
        gatherLimit: limit)
      let cutoffs = search(selection, values, section: 300, tile: 50).cutoffs
      #expect(kept(cutoffs[0], values).count == 1000)
      #expect(kept(cutoffs[1], values).count == nonzero - 3)
    }
    let single = RankSelection(
      keeping: [nonzero + 1], of: 1000, distinguishingZeros: false, gatherLimit: 1)
    #expect(search(single, values, section: 1000, tile: 1000).passes == 1)
  }

  @Test func numberOfPasses() {
    var generator = SeededGenerator(seed: 55)
    let passes = { (pattern: Pattern, count: Int, limit: Int) -> Int in
      let values = pattern.values(count, &generator)
      let selection = RankSelection(keeping: [count / 5], of: count, gatherLimit: limit)
      return search(selection, values, section: count, tile: 4096).passes
    }
    #expect(passes(.normal, 5000, 5000) == 1)
    #expect(passes(.normal, 20000, 200) == 2)
    #expect(passes(.equal, 20000, 200) == 2)
    #expect(passes(.zeros, 70000, 200) == 3)
    #expect(RankSelection.usualPassCount(for: 1 << 18) == 1)
    #expect(RankSelection.usualPassCount(for: 1 << 18 + 1) == 2)
  }

  /// A file that changes between passes gives some result, and ends.
  @Test(arguments: [1, 50, 1000])
  func streamsThatChangeDoNoHarm(_ limit: Int) {
    var generator = SeededGenerator(seed: 56)
    for pattern in Pattern.allCases {
      var selection = RankSelection(keeping: [10, 500, 990], of: 1000, gatherLimit: limit)
      var passes = 0
      while !selection.isComplete, passes < 20 {
        var pass = selection.emptyPass
        let values = (passes % 2 == 0 ? pattern : .normal).values(1000 - 100 * passes, &generator)
        pass.add(values.span, firstIndex: 0)
        selection.advance(with: pass)
        passes += 1
      }
      #expect(selection.isComplete)
    }
  }
}
