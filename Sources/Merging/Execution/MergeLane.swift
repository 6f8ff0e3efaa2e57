import Checkpoints

/// One output of a merge.
///
/// A sweep has several, which share every read of the inputs.
struct MergeLane: Sendable {
  let plan: MergePlan
  let output: StagedFile
  let blueprint: Blueprint
  /// Where the contiguous targets' first bytes go, by the tensors' places in the template.
  private let offsets: [Int: Int]
  /// Puts chunks in order.
  let chunks: ChunkQueue
  /// Whether this output has everything where the first one has it.
  let isLikeFirst: Bool

  /// A lane whose output was prepared.
  ///
  /// - Parameters:
  ///   - plan: The merge.
  ///   - output: Its output.
  ///   - blueprint: What the output consists of.
  ///   - first: The first lane's blueprint; nil for the first lane.
  ///   - threads: The number of threads that bring chunks.
  init(
    _ plan: MergePlan, output: StagedFile, blueprint: Blueprint, first: Blueprint?, threads: Int
  ) {
    self.plan = plan
    chunks = ChunkQueue(threads: threads)
    self.output = output
    self.blueprint = blueprint
    offsets = blueprint.offsets
    isLikeFirst =
      first.map { $0.offsets == blueprint.offsets && $0.copies == blueprint.copies } ?? true
  }

  /// Where elements of a tensor go, from `element` on.
  func offset(of target: Blueprint.Target, element: Int) -> Int {
    offsets[target.tensor, default: 0] + element * (target.elementType.byteCount ?? 0)
  }
}

extension Blueprint {
  /// The offsets of the contiguous targets by their tensors.
  fileprivate var offsets: [Int: Int] {
    var offsets: [Int: Int] = [:]
    for target in targets {
      if case .contiguous(let extent) = target.place { offsets[target.tensor] = extent.offset }
    }
    return offsets
  }
}
