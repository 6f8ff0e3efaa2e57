public import Checkpoints

/// How many of a tensor's finite values lie in each of sixteen equal steps from the least to the greatest.
public struct TensorHistogram: Hashable, Sendable {
  /// The number of steps.
  public static let steps = 16

  /// The least finite value.
  public let minimum: Double
  /// The greatest finite value; it belongs to the last step, other bounds to the step above.
  public let maximum: Double
  /// The numbers of values.
  public let counts: [Int]

  /// Counts; nil where there are no finite values, or their range is beyond Float64's.
  ///
  /// - Parameters:
  ///   - tensor: One of the checkpoint's tensors.
  ///   - checkpoint: The checkpoint.
  ///   - statistics: What is known of the values.
  /// - Throws: ``CheckpointError`` where the file is damaged.
  public init?(
    of tensor: Tensor, in checkpoint: Checkpoint, statistics: TensorStatistics
  ) throws(CheckpointError) {
    guard let minimum = statistics.minimum, let maximum = statistics.maximum,
      (maximum - minimum).isFinite
    else { return nil }
    // A difference so small that its quotient isn't finite is one step.
    let scale = Double(Self.steps) / (maximum - minimum)
    let factor = scale.isFinite ? scale : 0
    var counts = [Int](repeating: 0, count: Self.steps)
    var scratch = ChunkScratch()
    try checkpoint.forEachBlock(of: tensor, scratch: &scratch) {
      (_, bytes) throws(CheckpointError) in
      for value in tensor.decoded(bytes) ?? [] where value.isFinite {
        counts[min(Int((value - minimum) * factor), Self.steps - 1)] += 1
      }
    }
    self.minimum = minimum
    self.maximum = maximum
    self.counts = counts
  }
}
