internal import Checkpoints
internal import Networks

/// The same comparisons at every layer of a plan, over a pass.
struct LayerSurvey {
  private let session: ProbeSession
  private let plan: NetworkPlan
  private var layers: [LayerComparisons]

  init(
    _ session: ProbeSession, _ plan: NetworkPlan, streams: Int, _ comparisons: [FeatureComparison]
  ) {
    self.session = session
    self.plan = plan
    let archive = RowArchive()
    layers = plan.points.map { _ in
      LayerComparisons(streams: streams, comparisons: comparisons, archive: archive)
    }
  }

  /// Takes one layer of one batch.
  ///
  /// - Throws: ``CheckpointError`` where rows are too many for memory and can't be written to a file.
  mutating func add(_ visit: Lockstep.Visit, _ place: DataPass.Place) throws(CheckpointError) {
    try layers[visit.point].add(
      visit.features.map(\.array), mask: visit.features.first?.mask, place)
  }

  /// Whether a point is looked at: those asked for, and the logits always.
  func includes(_ point: Int) -> Bool {
    session.measures(plan.points[point]) || point == plan.logitsPoint
  }

  /// One comparison at every layer that was asked for.
  func closeness(_ comparison: Int, file: Int?) throws(CheckpointError) -> [LayerCloseness] {
    try layers(comparison, file: file) { session.measures(plan.points[$0]) }
  }

  /// One comparison at the layers that decide: those asked for before the logits, and the logits.
  ///
  /// What follows them only makes a distribution of them.
  func judged(_ comparison: Int, file: Int?) throws(CheckpointError) -> [LayerCloseness] {
    let logits = plan.logitsPoint ?? plan.points.count - 1
    return try layers(comparison, file: file) {
      $0 == logits || $0 < logits && session.measures(plan.points[$0])
    }
  }

  private func layers(
    _ comparison: Int, file: Int?, where isWanted: (Int) -> Bool
  ) throws(CheckpointError) -> [LayerCloseness] {
    try plan.points.indices.filter(isWanted).map { number throws(CheckpointError) in
      let point = plan.points[number]
      let closeness = try self.layers[number].closeness(comparison, file: file)
      return LayerCloseness(
        name: point.name, kind: point.kind, shape: point.shape,
        position: point.isLogits ? "logits" : "output", closeness: closeness,
        grade: Grading().grade(closeness))
    }
  }

  /// One comparison at the logits.
  func logits(_ comparison: Int, file: Int?) throws(CheckpointError) -> Closeness? {
    guard let point = plan.logitsPoint else { return nil }
    return try layers[point].closeness(comparison, file: file)
  }
}
