package import Checkpoints
import Synchronization

/// The kernel whose outputs are nearest to those of all models on their own data:
/// `W = (Σ Hₖ)⁻¹ Σ HₖWₖ`, `Hₖ = wₖGₖ` with the elements off the diagonal times α.
///
/// `Gₖ = XₖᵀXₖ` is the Gram matrix of the inputs that model k's layer saw. A kernel is seen as the
/// matrix `(m, out)` of `y = x·W`, out being the last axis. Inputs that were never active, whose place
/// on the diagonal is zero, take the weighted mean and leave the system, and so do all elements of
/// tensors without statistics.
///
/// A kernel is solved for as a whole, when the first of its elements is asked for, one kernel at a
/// time: `2m² + 2m·out` numbers in memory for the system, and `m·out` for its solution until the
/// last of its elements was taken.
///
/// Jin et al., "Dataless knowledge fusion by merging weights of language models", 2023.
package struct RegressionMean: StatisticsMethod {
  private let weights: [Double]
  private let alpha: Double
  private let mean: Soup

  /// A regression mean.
  ///
  /// - Parameters:
  ///   - weights: One finite number per source; 1 each where it is nil.
  ///   - alpha: The factor of the elements off the diagonal, from 0 to 1; below 1 the system is
  ///     better conditioned.
  ///   - sourceCount: The number of models.
  /// - Throws: ``CheckpointError`` of kind `usage`.
  package init(
    weights: [Double]? = nil, alpha: Double = 0.9, sourceCount: Int
  ) throws(CheckpointError) {
    guard (0...1).contains(alpha) else {
      throw CheckpointError(
        .usage, subject: "--alpha", fact: "is \(alpha), not a number from 0 to 1")
    }
    try LinearAlgebra.require(for: "regmean")
    self.weights = weights ?? [Double](repeating: 1, count: sourceCount)
    self.alpha = alpha
    mean = try Soup(sourceCount: sourceCount, weights: weights, isNormalized: true)
  }

  package var name: String { "regmean" }
  package var parameters: [Parameter] {
    [Parameter("weights", listed(weights)), Parameter("alpha", "\(alpha)")]
  }
  package var rule: String { "regression mean, alpha \(alpha), weights \(listed(weights))" }
  package var withoutStatistics: any MergeMethod { mean }
  package var combinesStatistics: Bool { false }
  package func passes(over shape: [Int]) -> Int { 2 }

  package func memoryBytes(for shape: [Int]) -> Int {
    let outputs = shape.last ?? 1
    let inputs = shape.dropLast().reduce(1, *)
    return 8 * (2 * inputs * inputs + 3 * inputs * outputs)
  }

  package func statisticsShape(for shape: [Int]) -> [Int]? {
    if shape.isEmpty { return nil }
    let inputs = shape.dropLast().reduce(1, *)
    return [inputs, inputs]
  }

  package func combination(of tensor: TensorReader) throws(CheckpointError) -> any Combination {
    RegressionCombination(tensor, weights: weights, alpha: alpha, mean: mean)
  }
}

/// One kernel, solved for when its first element is wanted and forgotten after the last one.
private final class RegressionCombination: Combination {
  private struct State {
    var solution: RegressionSystem.Solution?
    var taken = 0
  }

  /// Kernels are solved for one at a time: it bounds memory, and no BLAS has to bear being called
  /// from several threads.
  private static let turn = Mutex(())

  private let tensor: TensorReader
  private let weights: [Double]
  private let alpha: Double
  private let mean: Soup
  private let state = Mutex(State())

  init(_ tensor: TensorReader, weights: [Double], alpha: Double, mean: Soup) {
    self.tensor = tensor
    self.weights = weights
    self.alpha = alpha
    self.mean = mean
  }

  func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) throws(CheckpointError) {
    let solution = try solution(for: tile.count)
    let width = solution.outputs
    let last = tile.firstElement + tile.count - 1
    let rows = tile.firstElement / width...last / width
    if !solution.isActive[rows].allSatisfy({ $0 }) {
      mean.combine(tile, as: type, into: &result)
    }
    for element in 0..<tile.count where solution.isActive[(tile.firstElement + element) / width] {
      result[element] = solution.values[tile.firstElement + element]
    }
  }

  /// The solution, of which the next `count` elements are taken.
  private func solution(for count: Int) throws(CheckpointError) -> RegressionSystem.Solution {
    try state.withLock { (state) throws(CheckpointError) in
      let solution: RegressionSystem.Solution
      if let known = state.solution { solution = known } else { solution = try solve() }
      state.taken += count
      let isDone = state.taken >= tensor.elementCount
      state = isDone ? State() : State(solution: solution, taken: state.taken)
      return solution
    }
  }

  private func solve() throws(CheckpointError) -> RegressionSystem.Solution {
    try RegressionCombination.turn.withLock { (_) throws(CheckpointError) in
      let outputs = max(1, tensor.shape.last ?? 1)
      var system = RegressionSystem(inputs: tensor.elementCount / outputs, outputs: outputs)
      for (source, weight) in weights.enumerated() {
        let gram = try tensor.statistics[source].values(of: 0)
        system.add(gram, weight: weight, alpha: alpha, kernel: try tensor.values(of: source))
      }
      guard let solution = system.solved() else {
        throw CheckpointError(
          .numeric, file: tensor.statistics[0].fileName, subject: "tensor \(tensor.name)",
          fact: "the sum of the Gram matrices isn't positive definite",
          remedy: "use a smaller --alpha, or leave the tensor out with --exclude")
      }
      return solution
    }
  }
}
