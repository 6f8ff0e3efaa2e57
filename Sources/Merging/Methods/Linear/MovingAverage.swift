package import Checkpoints

/// The exponential moving average of a series of checkpoints: `e₁ = x₁`, `eₖ = d·eₖ₋₁ + (1-d)·xₖ`.
///
/// It is evaluated as one sum, with the coefficients `dᴷ⁻¹` of the first and `(1-d)·dᴷ⁻ᵏ` of the
/// others.
package struct MovingAverage: MergeMethod {
  private let decay: Double
  private let sourceCount: Int

  /// A moving average.
  ///
  /// - Parameters:
  ///   - decay: What is kept of the average at each step, from 0 (the last checkpoint) to 1 (the
  ///     first).
  ///   - sourceCount: The number of checkpoints, the oldest first.
  /// - Throws: ``CheckpointError`` of kind `usage`.
  package init(decay: Double = 0.9, sourceCount: Int) throws(CheckpointError) {
    guard (0...1).contains(decay) else {
      throw CheckpointError(
        .usage, subject: "--decay", fact: "is \(decay), not a number from 0 to 1")
    }
    self.decay = decay
    self.sourceCount = sourceCount
  }

  package var name: String { "ema" }
  package var parameters: [Parameter] { [Parameter("decay", "\(decay)")] }
  package var rule: String { "moving average, decay \(decay)" }

  package func combination(of tensor: TensorReader) throws(CheckpointError) -> any Combination {
    WeightedSum(coefficients, hasBase: false)
  }

  private var coefficients: [Double] {
    var powers = [1.0]
    while powers.count < sourceCount { powers.append(powers[powers.count - 1] * decay) }
    return (1...sourceCount).map { place in
      let power = powers[sourceCount - place]
      return place == 1 ? power : (1 - decay) * power
    }
  }
}
