import Checkpoints
import Kernels

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
    let least = settings.compatibility == .paper ? 0 : 1e-7
    for source in masks.indices {
      if case .everything = masks[source] { continue }
      let (whole, kept) = (sums.whole.sums[source].value, sums.kept.sums[source].value)
      let isMeasurable =
        settings.compatibility == .paper
        ? whole > 0 && kept > 0
        : whole >= least && kept >= least
      ratios[source] = isMeasurable ? whole / kept : 1
    }
  }

  private func sparsify(_ tasks: inout TaskTile, firstElement: Int) {
    let divides = settings.rescaling == .inverse
    for (source, mask) in masks.enumerated() {
      if case .everything = mask { continue }
      tasks.change(source) {
        mask.apply(to: &$0, firstElement: firstElement, divides: divides)
        if ratios[source] != 1 { LinearCombination.multiply(&$0, by: ratios[source]) }
      }
    }
  }

  func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    var tasks = TaskTile()
    tasks.load(tile, 0..<tile.count)
    sparsify(&tasks, firstElement: tile.firstElement)
    let base = tile.values.span.extracting(0..<tile.count)
    let values = tasks.values.span
    // A sum over the weights doesn't depend on the element where all sources take part.
    for element in 0..<tile.count {
      var sign = 0.0
      if case .sum(let isWeighted, let zeroIsPositive) = settings.election {
        for source in weights.indices {
          let value = values[source * tasks.stride + element]
          sign += isWeighted ? weights[source] * value : value
        }
        if sign == 0, zeroIsPositive { sign = 1 }
      }
      var sum = 0.0
      var divisor = 0.0
      for source in weights.indices {
        let value = values[source * tasks.stride + element]
        let part = weights[source] * value
        if let election = settings.election {
          guard case .sum(let isWeighted, _) = election else { continue }
          let own = isWeighted ? part : value
          guard (own > 0 && sign > 0) || (own < 0 && sign < 0) else { continue }
        }
        sum += part
        divisor += weights[source]
      }
      let mayDivide =
        settings.election == nil && settings.compatibility == .mergekit
        ? divisor.magnitude >= 1e-8 : divisor != 0
      if settings.isNormalized, mayDivide { sum /= divisor }
      result[element] = base[element] + (settings.lambda == 1 ? sum : settings.lambda * sum)
    }
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
