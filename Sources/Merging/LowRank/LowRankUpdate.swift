package import Checkpoints
import Kernels

/// A base with an adapter of low rank: `base + s·(α/r)·B·A`, and tuned values in the place of what the
/// adapter holds in full: `base + s·(v - base)`.
///
/// The terms are added up in Float64 in the order of the ranks, and the result is rounded once. Hu et
/// al., "LoRA: Low-rank adaptation of large language models", 2021.
package struct LowRankUpdate: MergeMethod {
  private let adapter: LoRAAdapter
  private let scale: Double

  /// An adapter and the scale s by which it is applied.
  ///
  /// - Throws: ``CheckpointError`` of kind `usage` where the scale isn't finite.
  package init(_ adapter: LoRAAdapter, scale: Double) throws(CheckpointError) {
    guard scale.isFinite else {
      throw CheckpointError(.usage, subject: "--scale", fact: "is \(scale)")
    }
    self.adapter = adapter
    self.scale = scale
  }

  package var name: String { "lora" }
  package var parameters: [Parameter] {
    [Parameter("adapter", adapter.shortName), Parameter("scale", "\(scale)")]
  }
  package var rule: String { "base + s α/r B A, s = \(scale)" }
  package var takesTaskVectors: Bool { false }

  package func combination(of tensor: TensorReader) throws(CheckpointError) -> any Combination {
    switch adapter.entries[tensor.name] {
    case nil: Unchanged()
    case .full(let place):
      FullUpdate(values: try adapter.values(place), scale: scale)
    case .factors(let a, let b, let factor):
      try combination(of: tensor.shape, a, b, factor)
    }
  }

  private func combination(
    of shape: [Int], _ a: Int, _ b: Int, _ factor: Double
  ) throws(CheckpointError) -> any Combination {
    let tensors = adapter.checkpoint.tensors
    let isEmbedding = adapter.isEmbedding(a)
    guard
      let matrix = WeightMatrix(
        shape: shape, rowsAreInputs: adapter.rowsAreInputs || isEmbedding),
      let rank = tensors[a].shape.first
    else { return Unchanged() }
    let (valuesA, valuesB) = (try adapter.values(a), try adapter.values(b))
    // The rows of the stored matrix are B's where they are outputs, and A's columns where inputs.
    return LowRankCombination(
      columns: matrix.columns, rank: rank, factor: scale * factor,
      left: matrix.rowsAreInputs
        ? WeightMatrix.transposed(valuesA, rows: rank, columns: matrix.inputs) : valuesB,
      right: matrix.rowsAreInputs
        ? WeightMatrix.transposed(valuesB, rows: matrix.outputs, columns: rank) : valuesA)
  }
}

/// A tensor that the adapter doesn't know.
private struct Unchanged: Combination {
  func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    LinearCombination.assign(
      tile.values.span.extracting(tile.range(0)), scaledBy: 1, to: &result)
  }
}

/// A tensor whose tuned values the adapter holds.
private struct FullUpdate: Combination {
  let values: [Double]
  let scale: Double

  func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    let tuned = values.span.extracting(tile.firstElement..<tile.firstElement + tile.count)
    if scale == 1 {
      // base + (v - base) needn't be v.
      LinearCombination.assign(tuned, scaledBy: 1, to: &result)
      return
    }
    let base = tile.values.span.extracting(tile.range(0))
    LinearCombination.assign(base, scaledBy: 1, to: &result)
    LinearCombination.addScaledDifference(tuned, minus: base, by: scale, to: &result)
  }
}

/// A matrix plus a multiple of a product of two factors, element by element: memory is the factors'.
private struct LowRankCombination: Combination {
  let columns: Int
  let rank: Int
  let factor: Double
  /// Rows x rank, in C order.
  let left: [Double]
  /// Rank x columns, in C order.
  let right: [Double]

  func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) {
    let base = tile.values.span.extracting(tile.range(0))
    if factor == 0 {
      LinearCombination.assign(base, scaledBy: 1, to: &result)
      return
    }
    var start = 0
    while start < tile.count {
      let element = tile.firstElement + start
      let (row, column) = (element / columns, element % columns)
      let length = min(columns - column, tile.count - start)
      var part = result._mutatingExtracting(start..<start + length)
      LinearCombination.assign(
        right.span.extracting(column..<column + length), scaledBy: 0, to: &part)
      for k in 0..<rank {
        let from = k * columns + column
        LinearCombination.addScaled(
          right.span.extracting(from..<from + length), by: left[row * rank + k], to: &part)
      }
      for place in part.indices { part[place] = base[start + place] + factor * part[place] }
      start += length
    }
  }
}
