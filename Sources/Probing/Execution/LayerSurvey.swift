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
    layers = plan.points.map { _ in LayerComparisons(streams: streams, comparisons: comparisons) }
  }

  /// Takes one layer of one batch.
  mutating func add(_ visit: Lockstep.Visit, _ place: DataPass.Place) {
    layers[visit.point].add(
      visit.features.map(\.array), mask: visit.features.first?.mask, place)
  }

  /// Whether a point is looked at: those asked for, and the logits always.
  func includes(_ point: Int) -> Bool {
    session.measures(plan.points[point]) || plan.points[point].value == plan.logits
  }

  /// One comparison at every layer that was asked for.
  func closeness(_ comparison: Int, file: Int?) -> [LayerCloseness] {
    plan.points.indices.filter { session.measures(plan.points[$0]) }.map { number in
      let point = plan.points[number]
      let closeness = layers[number].closeness(comparison, file: file)
      return LayerCloseness(
        name: point.name, kind: point.kind, shape: point.shape,
        position: point.isLogits ? "logits" : "output", closeness: closeness,
        grade: Grading().grade(closeness))
    }
  }

  /// One comparison at the logits.
  func logits(_ comparison: Int, file: Int?) -> Closeness? {
    plan.points.firstIndex { $0.value == plan.logits }.map {
      layers[$0].closeness(comparison, file: file)
    }
  }

  /// The layers up to the logits: what follows only makes a distribution of them and doesn't decide.
  func judged(_ layers: [LayerCloseness]) -> [LayerCloseness] {
    guard let last = plan.points.first(where: { $0.value == plan.logits })?.name,
      let place = layers.firstIndex(where: { $0.name == last })
    else { return layers }
    return Array(layers[...place])
  }
}
