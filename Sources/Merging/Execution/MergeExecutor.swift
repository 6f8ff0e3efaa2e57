public import Checkpoints
import Synchronization

/// Carries out a plan: tiles on all cores, a staged output, one rename.
public struct MergeExecutor: Sendable {
  /// How the work is done; none of it changes a bit of the output.
  public struct Options: Sendable {
    /// The number of threads.
    public var threads: Int
    /// Whether to wait until the output is on the disk.
    public var isDurable = true
    /// Whether an existing output is replaced.
    public var replacesExisting = false
    /// Whether the output takes its name; if not, it is made only to be looked at, and removed.
    public var keepsOutput = true
    /// Whether the summary tells the output's SHA-256.
    public var computesChecksum = false
    /// The size of a piece of work in bytes; nil for the size that suits the number of inputs.
    public var pieceBytes: Int?

    /// Options with everything but the threads at its default.
    public init(threads: Int) {
      self.threads = threads
    }
  }

  private let plans: [MergePlan]
  private let options: Options
  /// How many bytes of an input stand for one byte of the output, at most.
  private let widening: Int

  /// An executor of a plan.
  public init(_ plan: MergePlan, options: Options) {
    self.init(sweep: [plan], options: options)
  }

  /// An executor of several plans that differ in the method's parameters only, all of which are
  /// carried out with one pass over the inputs.
  ///
  /// - Parameters:
  ///   - plans: At least one plan; all have the same inputs and choose the same tensors.
  ///   - options: How the work is done.
  public init(sweep plans: [MergePlan], options: Options) {
    precondition(!plans.isEmpty)
    self.plans = plans
    self.options = options
    widening = MergeExecutor.widening(of: plans[0])
  }

  private var plan: MergePlan { plans[0] }

  /// How much is read and written at once.
  var sizes: BufferSizes {
    let reads = plan.inputs.count * widening
    if let piece = options.pieceBytes { return BufferSizes(piece: piece, reads: reads) }
    return BufferSizes(reads: reads, threads: options.threads)
  }

  /// The memory of all buffers together.
  public var bufferBytes: Int { options.threads * sizes.byteCount }

  private static func widening(of plan: MergePlan) -> Int {
    var most = 1
    for (tensor, action) in plan.actions.enumerated() {
      guard case .merge(let merge) = action else { continue }
      let output = plan.outputType(of: tensor).byteCount ?? 1
      for operand in merge.operands {
        let size = plan.inputs[operand.input].tensors[operand.place].elementSize
        most = max(most, (size + output - 1) / output)
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
    try run(to: [destination], progress: progress)[0]
  }

  /// Writes the outputs of a sweep.
  ///
  /// - Parameters:
  ///   - destinations: Where they go: one for each plan.
  ///   - progress: Told of the bytes written so far and in all, from any thread.
  /// - Returns: What was done, by plan.
  /// - Throws: ``CheckpointError``; unless the last step fails, which only names files that are
  ///   whole, every destination is then as it was.
  public func run(
    to destinations: [StagedFile.Destination],
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(CheckpointError) -> [MergeSummary] {
    precondition(destinations.count == plans.count)
    let agreement = try Agreement.check(plan)
    let combinations = try plans.map { (plan) throws(CheckpointError) in
      try CombinationTable(plan, threads: options.threads)
    }
    let lanes = try prepareLanes(destinations)
    let work = WorkList(lanes[0].blueprint, plan: plan, sizes: sizes)
    let total = lanes.reduce(0) { $0 + $1.blueprint.byteCount }
    let done = Atomic(0)
    let clamped = Mutex([Int](repeating: 0, count: lanes.count))
    try forEachConcurrently(
      count: work.pieces.count, threads: options.threads,
      makeState: {
        MergeWorker(
          lanes, combinations: combinations, work: work, startsWriteback: options.isDurable)
      }
    ) { (piece, worker: inout MergeWorker) throws(CheckpointError) in
      let before = worker.clampedCounts
      let written: Int
      do throws(CheckpointError) {
        written = try worker.run(work.pieces[piece])
      } catch {
        for lane in lanes { lane.chunks.abandon() }
        throw error
      }
      let after = worker.clampedCounts
      if after != before {
        clamped.withLock { counts in
          for lane in counts.indices { counts[lane] += after[lane] - before[lane] }
        }
      }
      progress(done.wrappingAdd(written, ordering: .relaxed).newValue, total)
    }
    var summaries: [MergeSummary] = []
    for (lane, clampedCount) in zip(lanes, clamped.withLock { $0 }) {
      try lane.plan.layout.finish(lane.output)
      var warnings = lane.plan.warnings + agreement
      if clampedCount > 0 {
        warnings.append("\(clampedCount) negative variances were raised to zero")
      }
      summaries.append(
        MergeSummary(
          bytesWritten: lane.output.byteCount,
          sha256: options.computesChecksum ? try digest(of: lane.output.reopened()) : nil,
          warnings: warnings))
    }
    if options.keepsOutput {
      for lane in lanes { try lane.output.commit(durably: options.isDurable) }
    }
    return summaries
  }

  /// Stages and lays out every output before the first value is read.
  private func prepareLanes(
    _ destinations: [StagedFile.Destination]
  ) throws(CheckpointError) -> [MergeLane] {
    var lanes: [MergeLane] = []
    for (plan, destination) in zip(plans, destinations) {
      let output = try StagedFile.create(destination, replacing: options.replacesExisting)
      let blueprint = try plan.layout.prepare(output)
      lanes.append(
        MergeLane(
          plan, output: output, blueprint: blueprint, first: lanes.first?.blueprint,
          threads: options.threads))
    }
    return lanes
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
