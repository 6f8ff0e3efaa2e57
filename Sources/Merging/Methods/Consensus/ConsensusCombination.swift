import Checkpoints
import Kernels
import Recipes

/// What the consensus methods do to a tile.
struct ConsensusCombination: Combination {
  private let settings: ConsensusSettings
  private let weights: [Double]
  private let masks: [Mask]
  /// What is kept of each source grows by these factors.
  private var ratios: [Double]

  init(_ settings: ConsensusSettings, weights: [Double], masks: [Mask]) {
    self.settings = settings
    self.weights = weights
    self.masks = masks
    ratios = weights.map { _ in 1 }
  }

  /// Learns by what the L1 norms shrink.
  ///
  /// - Throws: ``CheckpointError`` where values can't be read.
  mutating func measureRatios(
    of tensor: TensorReader, unit: Int
  ) throws(CheckpointError) {
    let combination = self
    let sums = try tensor.reduce(
      (whole: Magnitudes(masks.count), kept: Magnitudes(masks.count)), unit: unit
    ) { (sums, tile) throws(CheckpointError) in
      var tasks = TaskTile()
      tasks.load(tile, 0..<tile.count)
      sums.whole.add(tasks)
      combination.sparsify(&tasks, firstElement: tile.firstElement)
      sums.kept.add(tasks)
    } merge: { sums, next in
      sums.whole.add(next.whole)
      sums.kept.add(next.kept)
    }
    for source in masks.indices {
      if case .everything = masks[source] { continue }
      let (whole, kept) = (sums.whole.sums[source].value, sums.kept.sums[source].value)
      let isMeasurable =
        settings.compatibility == .paper
        ? whole > 0 && kept > 0
        : whole >= 1e-7 && kept >= 1e-7
      ratios[source] = isMeasurable ? whole / kept : 1
    }
  }

  private func sparsify(_ tasks: inout TaskTile, firstElement: Int) {
    let divides = settings.rescaling == .inverse
    for (source, mask) in masks.enumerated() {
      if case .everything = mask { continue }
      tasks.change(source) {
        mask.apply(to: &$0, firstElement: firstElement, divides: divides)
        if ratios[source] != 1 { LinearCombination.scale(&$0, by: ratios[source]) }
      }
    }
  }

  func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    var tasks = TaskTile()
    tasks.load(tile, 0..<tile.count)
    sparsify(&tasks, firstElement: tile.firstElement)
    LinearCombination.assign(
      tile.values.span.extracting(0..<tile.count), scaledBy: 1, to: &result)
    let (sums, totals) = settings.election?.agreeing(tasks, weights: weights) ?? all(tasks)
    if settings.isNormalized {
      SignElection.addMeans(sums.span, over: totals.span, by: settings.lambda, to: &result)
    } else {
      LinearCombination.addScaled(sums.span, by: settings.lambda, to: &result)
    }
  }

  /// The weighted sum of all task vectors, and the sum of the weights at each element.
  private func all(_ tasks: TaskTile) -> (sums: [Double], totals: [Double]) {
    var sums = [Double](repeating: 0, count: tasks.count)
    var span = sums.mutableSpan
    for (source, weight) in weights.enumerated() {
      LinearCombination.addScaled(
        tasks.values.span.extracting(tasks.range(source)), by: weight, to: &span)
    }
    let divisor = weights.reduce(0, +)
    let least = settings.compatibility == .mergekit ? 1e-8 : Double.leastNonzeroMagnitude
    let total = divisor.magnitude >= least ? divisor : 0
    return (sums, [Double](repeating: total, count: tasks.count))
  }
}

extension Election {
  /// The weighted sum of the task vectors that agree with the vote at each element, and the sum of
  /// their weights.
  func agreeing(
    _ tasks: TaskTile, weights: [Double]
  ) -> (sums: [Double], totals: [Double]) {
    let values = tasks.values.span
    var votes = [Double](repeating: 0, count: tasks.count)
    var (sums, totals) = (votes, votes)
    var voteSpan = votes.mutableSpan
    for (source, weight) in weights.enumerated() {
      LinearCombination.addScaled(
        values.extracting(tasks.range(source)), by: isWeighted ? weight : 1, to: &voteSpan)
    }
    var sumSpan = sums.mutableSpan
    var totalSpan = totals.mutableSpan
    for (source, weight) in weights.enumerated() {
      SignElection.addAgreeing(
        values.extracting(tasks.range(source)), weight: weight, voice: isWeighted ? weight : 1,
        votes: voteSpan.span, zeroIsPositive: zeroIsPositive, to: &sumSpan, &totalSpan)
    }
    return (sums, totals)
  }
}

/// The sums of the magnitudes of several task vectors.
private struct Magnitudes: Sendable {
  private(set) var sums: [CompensatedSum]

  init(_ count: Int) {
    sums = [CompensatedSum](repeating: CompensatedSum(), count: count)
  }

  mutating func add(_ tasks: TaskTile) {
    for source in sums.indices {
      sums[source].addMagnitudes(of: tasks.values.span.extracting(tasks.range(source)))
    }
  }

  mutating func add(_ other: Magnitudes) {
    for source in sums.indices { sums[source].add(other.sums[source]) }
  }
}
