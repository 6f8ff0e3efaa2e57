public import Checkpoints
import Synchronization

/// Carries out a plan: tiles on all cores, a staged output, one rename.
public struct MergeExecutor: Sendable {
  /// The memory that all threads' buffers together may take.
  private static let bufferBudget = 24 << 20
  /// The largest piece of work, and the size of a thread's output buffer.
  private static let largestPiece = 1 << 20

  /// How the work is done; none of it changes a bit of the output.
  public struct Options: Sendable {
    /// The number of threads.
    public var threads: Int
    /// Whether to wait until the output is on the disk.
    public var isDurable = true
    /// Whether an existing output is replaced.
    public var replacesExisting = false
    /// Whether the summary tells the output's SHA-256.
    public var computesChecksum = false
    /// The size of a piece of work in bytes; nil for the size that suits the number of inputs.
    public var pieceBytes: Int?

    /// Options with everything but the threads at its default.
    public init(threads: Int) {
      self.threads = threads
    }
  }

  private let plan: MergePlan
  private let options: Options

  /// An executor of a plan.
  public init(_ plan: MergePlan, options: Options) {
    self.plan = plan
    self.options = options
  }

  /// The size of a piece of work: smaller with many inputs, so that memory stays the same.
  public var pieceBytes: Int {
    if let chosen = options.pieceBytes { return max(1, chosen) }
    let buffers = options.threads * (plan.inputs.count * widening + 1)
    let share = MergeExecutor.bufferBudget / buffers
    return min(MergeExecutor.largestPiece, max(16 << 10, share & ~4095))
  }

  /// The memory of all buffers together.
  public var bufferBytes: Int {
    options.threads * (plan.inputs.count * widening + 1) * pieceBytes
  }

  /// How many bytes of an input stand for one byte of the output, at most.
  private var widening: Int {
    var most = 1
    for (tensor, action) in plan.actions.enumerated() {
      guard case .merge(let places) = action else { continue }
      let output = plan.outputType(of: tensor).byteCount ?? 1
      for (input, place) in zip(plan.inputs, places) {
        most = max(most, (input.tensors[place].elementSize + output - 1) / output)
      }
    }
    return most
  }

  /// Writes the output.
  ///
  /// - Parameters:
  ///   - destination: Where it goes.
  ///   - progress: Told of the bytes written so far and in all, from any thread.
  /// - Returns: What was done.
  /// - Throws: ``CheckpointError``; the destination is then as it was.
  public func run(
    to destination: StagedFile.Destination,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(CheckpointError) -> MergeSummary {
    let agreement = try Agreement.check(plan)
    let output = try StagedFile.create(destination, replacing: options.replacesExisting)
    let blueprint = try plan.layout.prepare(output)
    let work = WorkList(blueprint, plan: plan, pieceBytes: pieceBytes)
    let total = blueprint.byteCount
    let done = Atomic(0)
    let clamped = Atomic(0)
    try forEachConcurrently(
      count: work.pieces.count, threads: options.threads,
      makeState: { MergeWorker(plan, blueprint: blueprint, work: work) }
    ) { (piece, worker: inout MergeWorker) throws(CheckpointError) in
      let before = worker.clampedCount
      let written = try worker.run(work.pieces[piece], output: output)
      if options.isDurable, let extent = written.extent {
        output.startWriteback(at: extent.offset, length: extent.length)
      }
      clamped.wrappingAdd(worker.clampedCount - before, ordering: .relaxed)
      let now = done.wrappingAdd(written.byteCount, ordering: .relaxed).newValue
      progress(now, total)
    }
    try plan.layout.finish(output)
    let checksum = options.computesChecksum ? try digest(of: output) : nil
    let byteCount = output.byteCount
    try output.commit(durably: options.isDurable)
    var warnings = plan.warnings + agreement
    let clampedCount = clamped.load(ordering: .relaxed)
    if clampedCount > 0 {
      warnings.append("\(clampedCount) negative variances were raised to zero")
    }
    return MergeSummary(bytesWritten: byteCount, sha256: checksum, warnings: warnings)
  }
}

/// What a merge did.
public struct MergeSummary: Sendable {
  /// The size of the output.
  public let bytesWritten: Int
  /// The output's SHA-256 in hexadecimal digits, where it was asked for.
  public let sha256: String?
  /// What a person should know.
  public let warnings: [String]
}
