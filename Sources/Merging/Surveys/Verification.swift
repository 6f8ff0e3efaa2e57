public import Checkpoints
import Kernels
import Synchronization

/// Whether a checkpoint is sound: every value readable, checksums right, floats finite, and the
/// format's own lists consistent.
public struct Verification: Sendable {
  /// Something that isn't sound.
  public struct Problem: Sendable {
    /// What sort of thing it is.
    public enum Kind: String, Sendable {
      /// The file is damaged, or holds what can't be read.
      case damaged
      /// Values are NaN or infinite.
      case nonFinite = "non-finite"
      /// The file contradicts itself.
      case inconsistent
    }

    /// What sort of thing it is.
    public let kind: Kind
    /// The tensor, where one is at fault.
    public let tensor: TensorName?
    /// What is so.
    public let fact: String
  }

  /// What isn't sound, in the order of the tensors.
  public let problems: [Problem]
  /// The number of tensors whose values were read.
  public let tensorCount: Int
  /// The bytes of values that were read.
  public let byteCount: Int

  /// Reads everything.
  ///
  /// - Parameters:
  ///   - checkpoint: The checkpoint.
  ///   - threads: The number of threads.
  /// - Throws: Never for what is wrong with the file; that is a problem in the list.
  public init(_ checkpoint: Checkpoint, threads: Int) throws(CheckpointError) {
    let found = Mutex([Problem?](repeating: nil, count: checkpoint.tensors.count))
    try forEachConcurrently(
      count: checkpoint.tensors.count, threads: threads, makeState: { ChunkScratch() }
    ) { (index, scratch: inout ChunkScratch) throws(CheckpointError) in
      let problem = Verification.problem(
        with: checkpoint.tensors[index], in: checkpoint, scratch: &scratch)
      found.withLock { $0[index] = problem }
    }
    var damages: [Problem] = []
    for check in checkpoint.checks {
      guard let fact = try check.fault(threads: threads) else { continue }
      damages.append(Problem(kind: .damaged, tensor: check.tensor, fact: fact))
    }
    let inconsistencies = checkpoint.inconsistencies.map { fact in
      Problem(kind: .inconsistent, tensor: nil, fact: fact)
    }
    problems = found.withLock { $0.compactMap(\.self) } + damages + inconsistencies
    let readable = checkpoint.tensors.filter { tensor in
      if case .unsupported = tensor.storage { false } else { true }
    }
    tensorCount = readable.count
    byteCount = readable.reduce(0) { $0 + $1.byteCount }
  }

  private static func problem(
    with tensor: Tensor, in checkpoint: Checkpoint, scratch: inout ChunkScratch
  ) -> Problem? {
    // What isn't made of numbers can be copied, so that it can't be read is no fault of the file.
    if case .unsupported(let reason) = tensor.storage {
      guard tensor.elementType.isFloatingPoint || tensor.elementType.isInteger else { return nil }
      return Problem(kind: .damaged, tensor: tensor.name, fact: reason)
    }
    var statistics = Statistics()
    do throws(CheckpointError) {
      try checkpoint.forEachBlock(of: tensor, scratch: &scratch) {
        (_, bytes) throws(CheckpointError) in
        if let values = tensor.decoded(bytes) { statistics.add(values.span) }
      }
    } catch {
      return Problem(kind: .damaged, tensor: tensor.name, fact: error.fact)
    }
    guard statistics.nanCount + statistics.infiniteCount > 0 else { return nil }
    return Problem(
      kind: .nonFinite, tensor: tensor.name,
      fact: "holds \(statistics.nanCount) NaN and \(statistics.infiniteCount) infinite values")
  }
}
