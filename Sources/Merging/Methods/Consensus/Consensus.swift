package import Checkpoints
import Kernels

/// The base and the consensus of task vectors: `b + λ·m`, where m sums up or averages what is left of
/// the task vectors `τₖ = xₖ - b` after three switches.
///
/// 1. *Sparsify*: only some elements of each task vector are kept (``Sparsifier``).
/// 2. *Rescale*: what is kept grows to make up for what is not (``Rescaling``).
/// 3. *Elect*: at each element the sign of the sum wins, and only sources of this sign count
///    (``Election``).
///
/// ``ConsensusVerb`` names the combinations that were published; the others are as good.
package struct Consensus: MergeMethod {
  private let settings: ConsensusSettings
  private let sourceCount: Int
  /// The weights, one a source.
  private let weights: [Double]
  private let densities: [Double]
  /// The sources' cutoffs in all tensors together, and where each tensor begins in them.
  private var global: (cutoffs: [Cutoff], firstIndices: [TensorName: Int])?

  /// A consensus.
  ///
  /// - Parameters:
  ///   - settings: The switches and parameters.
  ///   - sourceCount: The number of tuned models.
  /// - Throws: ``CheckpointError`` of kind `usage` where parameters don't fit.
  package init(_ settings: ConsensusSettings, sourceCount: Int) throws(CheckpointError) {
    try checkSources(sourceCount, of: settings.name, are: 1...Int.max)
    try settings.check(sourceCount: sourceCount)
    self.settings = settings
    self.sourceCount = sourceCount
    weights = settings.weights ?? [Double](repeating: 1, count: sourceCount)
    densities = spread(settings.density, to: sourceCount)
  }

  package var name: String { settings.name }
  package var parameters: [Parameter] { settings.parameters }
  package var rule: String {
    let weights = settings.weights.map { ", weights \(listed($0))" } ?? ""
    return
      "base + \(settings.lambda) \(settings.name)(τ), density \(listed(settings.density))\(weights)"
  }
  package var notes: [String] {
    if settings.sparsifier == .nothing || !dropsNothing { return [] }
    return ["\(settings.name) with density 1 drops nothing; give --density a share below 1"]
  }
  /// Trimming by magnitude looks at all values, unless it keeps all of them.
  package var carriesNonFinite: Bool {
    guard case .magnitude = settings.sparsifier else { return false }
    return !densities.contains(0)
  }

  package func passes(over shape: [Int]) -> Int {
    let count = shape.reduce(1, *)
    let search = dropsNothing ? 0 : RankSelection.usualPassCount(for: count)
    let sums = settings.rescaling == .l1 && !dropsNothing ? 1 : 0
    switch settings.sparsifier {
    case .nothing, .bernoulli, .rankedBernoulli: return 1 + sums
    case .magnitude, .band: return 1 + search + sums
    }
  }

  package func unit(of shape: [Int]) -> Int {
    guard case .rankedBernoulli(_, let rule) = settings.sparsifier, !dropsNothing else { return 1 }
    return RankProbabilities.unit(of: shape, rule)
  }

  private var dropsNothing: Bool { densities.allSatisfy { $0 >= 1 } }

  package var looksAtWholeModel: Bool {
    settings.sparsifier == .magnitude(.global) && !dropsNothing
  }

  package func prepared(
    for tensors: [TensorReader]
  ) throws(CheckpointError) -> any MergeMethod {
    if tensors.isEmpty { return self }
    let ordered = tensors.sorted {
      $0.name.bytes.lexicographicallyPrecedes($1.name.bytes)
    }
    var firstIndices: [TensorName: Int] = [:]
    var total = 0
    for tensor in ordered {
      firstIndices[tensor.name] = total
      total += tensor.elementCount
    }
    let counts = densities.map { [keptCount($0, of: total)] }
    let cutoffs = try MagnitudeSurvey.cutoffs(of: ordered, keeping: counts)
    var prepared = self
    prepared.global = (cutoffs.map { $0[0] }, firstIndices)
    return prepared
  }

  package func combination(of tensor: TensorReader) throws(CheckpointError) -> any Combination {
    let masks = zip(try masks(of: tensor), densities).map { mask, density in
      density >= 1 ? Mask.everything : density == 0 ? .nothing : mask
    }
    var combination = ConsensusCombination(settings, weights: weights, masks: masks)
    if settings.rescaling == .l1 {
      try combination.measureRatios(of: tensor, unit: unit(of: tensor.shape))
    }
    return combination
  }

  /// Which elements of each source are kept, where the density is between 0 and 1.
  private func masks(of tensor: TensorReader) throws(CheckpointError) -> [Mask] {
    let count = tensor.elementCount
    switch settings.sparsifier {
    case _ where dropsNothing: return densities.map { _ in .everything }
    case .nothing: return densities.map { _ in .everything }
    case .magnitude(.global):
      guard let global, let first = global.firstIndices[tensor.name] else {
        return densities.map { _ in .everything }
      }
      return zip(global.cutoffs, densities).map {
        .cutoff($0, firstIndex: first, density: $1)
      }
    case .magnitude(.tensor):
      let counts = densities.map { [keptCount($0, of: count)] }
      let cutoffs = try MagnitudeSurvey.cutoffs(of: [tensor], keeping: counts)
      return zip(cutoffs, densities).map { .cutoff($0[0], firstIndex: 0, density: $1) }
    case .band(let gamma):
      let counts = zip(densities, spread(gamma, to: sourceCount)).map { density, gamma in
        let target = shareCount(density, of: count)
        let bottom = max(0, count - target - shareCount(gamma, of: count))
        return [count - bottom, count - bottom - target]
      }
      let cutoffs = try MagnitudeSurvey.cutoffs(of: [tensor], keeping: counts)
      return zip(cutoffs, densities).map { .band(kept: $0[0], dropped: $0[1], density: $1) }
    case .bernoulli:
      return densities.enumerated().map { .bernoulli(random(tensor, $0), density: $1) }
    case .rankedBernoulli(let epsilon, let rule):
      let epsilons = spread(epsilon, to: sourceCount)
      return densities.enumerated().map { source, density in
        .rankedBernoulli(
          random(tensor, source),
          RankProbabilities(
            shape: tensor.shape, density: density, epsilon: epsilons[source], rule: rule))
      }
    }
  }

  private func random(_ tensor: TensorReader, _ source: Int) -> CounterRandom {
    CounterRandom(seed: settings.seed, name: tensor.name.bytes, model: source)
  }

  /// How many elements a magnitude trimming keeps: one at least, unless nothing is wanted.
  private func keptCount(_ density: Double, of count: Int) -> Int {
    density == 0 ? 0 : max(1, shareCount(density, of: count))
  }
}

/// One value for each source.
func spread(_ values: [Double], to count: Int) -> [Double] {
  values.count == 1 ? [Double](repeating: values[0], count: count) : values
}
