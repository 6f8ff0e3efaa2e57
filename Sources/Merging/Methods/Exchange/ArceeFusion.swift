package import Checkpoints
import Kernels
package import Recipes

/// The base with the most important elements of a tuned model: those with
/// `I >= median + 1.5·(Q₃ - Q₁)`, `I = |x - b|·KL(row)`.
///
/// The row's divergence is ``RowDivergence``; median and quartiles are the exact elements
/// `⌊q·(n-1)⌋` of all importances of the tensor in ascending order. mergekit gives `b + (x - b)` where
/// it takes an element, and beyond a million elements it estimates the quantiles from a sample.
/// A tile holds whole rows along the last axis, so memory grows with a row's length.
///
/// mergekit's `arcee_fusion`.
package struct ArceeFusion: MergeMethod {
  private let compatibility: Compatibility

  /// A fusion.
  ///
  /// - Parameters:
  ///   - sourceCount: The number of tuned models, which must be one.
  ///   - compatibility: Whose formula is used.
  /// - Throws: ``CheckpointError`` of kind `usage`.
  package init(
    sourceCount: Int, compatibility: Compatibility = .paper
  ) throws(CheckpointError) {
    try checkSources(sourceCount, of: "arcee-fusion", are: 1...1)
    self.compatibility = compatibility
  }

  package var name: String { "arcee-fusion" }
  package var parameters: [Parameter] { [Parameter("compat", compatibility.rawValue)] }
  package var rule: String { "A where |τ| KL(row) is far above the median, else base" }
  package var carriesNonFinite: Bool { false }
  package func passes(over shape: [Int]) -> Int {
    RankSelection.usualPassCount(for: shape.reduce(1, *)) + 1
  }
  package func unit(of shape: [Int]) -> Int { max(1, shape.last ?? 1) }

  package func combination(of tensor: TensorReader) throws(CheckpointError) -> any Combination {
    let length = unit(of: tensor.shape)
    let last = tensor.elementCount - 1
    var quartiles = RankSelection(
      ascending: [last / 4, last / 2, 3 * last / 4], of: tensor.elementCount)
    while !quartiles.isComplete {
      let pass = try tensor.reduce(quartiles.emptyPass, unit: length) {
        (pass, tile) throws(CheckpointError) in
        pass.add(
          Fusion.importances(tile, rowLength: length).span, firstIndex: tile.firstElement)
      } merge: {
        $0.add($1)
      }
      quartiles.advance(with: pass)
    }
    let values = quartiles.cutoffs.map(\.threshold)
    return Fusion(
      threshold: values[1] + 1.5 * (values[2] - values[0]), rowLength: length,
      compatibility: compatibility)
  }
}

/// One tensor, whose threshold is known.
private struct Fusion: Combination {
  let threshold: Double
  let rowLength: Int
  let compatibility: Compatibility

  func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    let importances = Fusion.importances(tile, rowLength: rowLength)
    for element in 0..<tile.count {
      let base = tile.values[element]
      if !(importances[element] >= threshold) {
        result[element] = base
      } else if compatibility == .paper {
        result[element] = tile.model(of: 1, at: element)
      } else {
        result[element] = base + tile.difference(of: 1, at: element)
      }
    }
  }

  /// `|τ|·KL(row)` of the elements of a tile, which holds whole rows.
  static func importances(_ tile: borrowing SourceTile, rowLength: Int) -> [Double] {
    var importances = [Double](repeating: 0, count: tile.count)
    var row = RowDivergence.Row(length: rowLength)
    for start in stride(from: 0, to: tile.count, by: rowLength) {
      for place in 0..<rowLength {
        row.base[place] = tile.values[start + place]
        row.tuned[place] = tile.model(of: 1, at: start + place)
        row.changes[place] = tile.difference(of: 1, at: start + place)
      }
      let divergence = RowDivergence.divergence(of: row)
      for place in 0..<rowLength {
        importances[start + place] = row.changes[place].magnitude * divergence
      }
    }
    return importances
  }
}
