package import Checkpoints
import Kernels
package import Recipes

/// Select, calculate, erase: `b + Σ eₖτₖ / Σ eₖ` over the sources of the elected sign.
///
/// *Select* keeps the elements whose variance over the sources is largest; *calculate* weighs sources
/// by the mean square of what is left, `eₖ = Sₖ / Σ S`; *erase* leaves out the sources of the
/// minority's sign, elected by the plain sum.
///
/// Wan et al., "FuseChat: Knowledge fusion of chat models", 2024. mergekit weighs all sources alike
/// where the mean squares sum up to less than 1e-6, which is so for most fine-tuned models.
package struct SCE: MergeMethod {
  private let selected: Double
  private let sourceCount: Int
  private let compatibility: Compatibility

  /// A merge.
  ///
  /// - Parameters:
  ///   - selected: The share of elements to select, from 0 to 1.
  ///   - sourceCount: The number of tuned models.
  ///   - compatibility: Whose guards are used.
  /// - Throws: ``CheckpointError`` of kind `usage`.
  package init(
    selecting selected: Double = 1, sourceCount: Int, compatibility: Compatibility = .paper
  ) throws(CheckpointError) {
    guard (0...1).contains(selected) else {
      throw CheckpointError(
        .usage, subject: "--select-topk", fact: "is \(selected)",
        remedy: "give a share from 0 to 1")
    }
    try checkSources(sourceCount, of: "sce", are: 1...Int.max)
    self.selected = selected
    self.sourceCount = sourceCount
    self.compatibility = compatibility
  }

  package var name: String { "sce" }
  package var parameters: [Parameter] {
    [
      Parameter("select-topk", "\(selected)"), Parameter("compat", compatibility.rawValue),
    ]
  }
  package var rule: String { "base + sce(τ)" }
  package var carriesNonFinite: Bool { false }

  package func passes(over shape: [Int]) -> Int {
    selected < 1 ? 3 + RankSelection.usualPassCount(for: shape.reduce(1, *)) : 2
  }

  package func combination(of tensor: TensorReader) throws(CheckpointError) -> any Combination {
    let cutoff = selected < 1 ? try varianceCutoff(of: tensor) : nil
    let weights = try weights(of: tensor, cutoff)
    return SCECombination(cutoff: cutoff, weights: weights, compatibility: compatibility)
  }

  /// The cutoff of the variances that are selected.
  private func varianceCutoff(of tensor: TensorReader) throws(CheckpointError) -> Cutoff {
    let changing = try TensorReader.tally([tensor], threads: tensor.threads, (TaskTile(), 0)) {
      (state, _, tile) throws(CheckpointError) in
      state.0.load(tile, 0..<tile.count)
      for variance in state.0.variances where variance != 0 { state.1 += 1 }
    } merge: {
      $0.1 += $1.1
    }.1
    var selection = RankSelection(
      keeping: [shareCount(selected, of: changing)], of: tensor.elementCount,
      distinguishingZeros: false)
    while !selection.isComplete {
      let pass = try TensorReader.tally(
        [tensor], threads: tensor.threads, (TaskTile(), selection.emptyPass)
      ) { (state, _, tile) throws(CheckpointError) in
        state.0.load(tile, 0..<tile.count)
        state.1.add(state.0.variances.span, firstIndex: tile.firstElement)
      } merge: {
        $0.1.add($1.1)
      }
      selection.advance(with: pass.1)
    }
    return selection.cutoffs[0]
  }

  /// The weights of the sources, by the squares of what is selected; nil where all of it is zero.
  private func weights(
    of tensor: TensorReader, _ cutoff: Cutoff?
  ) throws(CheckpointError) -> [Double]? {
    let squares = try tensor.reduce((TaskTile(), GramDiagonal(count: sourceCount))) {
      (state, tile) throws(CheckpointError) in
      state.0.load(tile, 0..<tile.count)
      if let cutoff { state.0.select(cutoff, firstElement: tile.firstElement) }
      state.1.add(state.0)
    } merge: {
      $0.1.add($1.1)
    }.1.values
    if compatibility == .mergekit {
      let means = squares.map { $0 / Double(max(1, tensor.elementCount)) }
      let sum = means.reduce(0, +)
      if sum < 1e-6 { return squares.map { _ in 1 / Double(sourceCount) } }
      return means.map { $0 / sum }
    }
    let sum = squares.reduce(0, +)
    return sum > 0 ? squares.map { $0 / sum } : nil
  }
}

/// The squared norms of several vectors.
private struct GramDiagonal: Sendable {
  private var grams: [GramMatrix]

  init(count: Int) {
    grams = [GramMatrix](repeating: GramMatrix(count: 1), count: count)
  }

  var values: [Double] { grams.map { $0[0, 0] } }

  mutating func add(_ tasks: TaskTile) {
    for source in grams.indices {
      let own = tasks.values.span.extracting(tasks.range(source))
      grams[source].add(tile: own, stride: own.count, count: own.count)
    }
  }

  mutating func add(_ other: GramDiagonal) {
    for source in grams.indices { grams[source].add(other.grams[source]) }
  }
}

extension TaskTile {
  /// The variance of each element over the sources: `Σ (τₖ - mean)² / K`.
  fileprivate var variances: [Double] {
    let count = Double(sourceCount)
    return (0..<self.count).map { element in
      var sum = 0.0
      for source in 0..<sourceCount { sum += values[source * stride + element] }
      let mean = sum / count
      var squares = 0.0
      for source in 0..<sourceCount {
        let distance = values[source * stride + element] - mean
        squares += distance * distance
      }
      return squares / count
    }
  }

  /// Clears the elements of all sources whose variance isn't selected.
  fileprivate mutating func select(_ cutoff: Cutoff, firstElement: Int) {
    let variances = variances
    for source in 0..<sourceCount {
      change(source) { own in
        for element in own.indices
        where variances[element] == 0
          || !cutoff.keeps(variances[element], at: firstElement + element)
        {
          own[element] = 0
        }
      }
    }
  }
}

/// What SCE does to a tile.
private struct SCECombination: Combination {
  let cutoff: Cutoff?
  let weights: [Double]?
  let compatibility: Compatibility

  func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    LinearCombination.assign(
      tile.values.span.extracting(0..<tile.count), scaledBy: 1, to: &result)
    guard let weights else { return }
    var tasks = TaskTile()
    tasks.load(tile, 0..<tile.count)
    if let cutoff { tasks.select(cutoff, firstElement: tile.firstElement) }
    let isPaper = compatibility == .paper
    let election = Election(isWeighted: false, zeroIsPositive: !isPaper)
    var (sums, totals) = election.agreeing(tasks, weights: weights)
    // A sum of nothing stays nothing, whatever it is divided by.
    if !isPaper { for place in totals.indices { totals[place] = max(totals[place], 1e-6) } }
    SignElection.addMeans(sums.span, over: totals.span, by: 1, to: &result)
  }
}
