public import Checkpoints
import Crypto
import Kernels

/// What `inspect --stats` tells of a tensor's values.
///
/// NaN and infinities are counted and left out of the other figures; a complex number counts as two
/// numbers. Figures are nil where there is no finite number.
public struct TensorStatistics: Sendable {
  /// The least finite value.
  public let minimum: Double?
  /// The greatest finite value.
  public let maximum: Double?
  /// The mean.
  public let mean: Double?
  /// The standard deviation of the values as a whole (divided by n).
  public let standardDeviation: Double?
  /// The Euclidean norm.
  public let norm: Double?
  /// How many values are NaN.
  public let nanCount: Int
  /// How many values are infinite.
  public let infiniteCount: Int
  /// How many values are zero.
  public let zeroCount: Int
  /// SHA-256 over the values in C order as little-endian bytes, in hexadecimal digits.
  public let sha256: String

  /// Measures a tensor; nil where its values can't be read because the storage isn't supported.
  ///
  /// - Parameters:
  ///   - tensor: One of the checkpoint's tensors.
  ///   - checkpoint: The checkpoint.
  /// - Throws: ``CheckpointError`` where the file is damaged.
  public init?(of tensor: Tensor, in checkpoint: Checkpoint) throws(CheckpointError) {
    if case .unsupported = tensor.storage { return nil }
    var statistics = Statistics()
    var hash = SHA256()
    var scratch = ChunkScratch()
    try checkpoint.forEachBlock(of: tensor, scratch: &scratch) {
      (_, bytes) throws(CheckpointError) in
      hash.update(data: bytes)
      if let values = tensor.decoded(bytes) { statistics.add(values.span) }
    }
    minimum = statistics.minimum
    maximum = statistics.maximum
    mean = statistics.mean
    standardDeviation = statistics.standardDeviation
    norm = tensor.numbers == nil ? nil : statistics.norm
    nanCount = statistics.nanCount
    infiniteCount = statistics.infiniteCount
    zeroCount = statistics.zeroCount
    sha256 = hexadecimal(hash.finalize())
  }
}
