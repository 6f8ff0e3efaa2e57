internal import Checkpoints
internal import Networks
internal import Reporting

/// What is gathered of one layer in a linearity run, over all batches.
struct LayerGathering {
  private let roles: LinearityStreams
  private let point: Int
  /// Whether the layer has local streams, weights, and is nothing but an activation.
  private let hasLocal: Bool
  private let hasWeights: Bool
  private let isActivation: Bool
  private var outputs: LayerComparisons
  /// Before and behind the fused activation, where it is a step of its own.
  private var linear: LayerComparisons?
  private var activated: LayerComparisons?

  init(_ plan: NetworkPlan, point: Int, _ roles: LinearityStreams, archive: RowArchive) {
    self.roles = roles
    self.point = point
    let steps = plan.points[point].steps
    let first = plan.steps[steps.lowerBound]
    hasLocal = !(first.plan.isExact && steps.count == 1)
    hasWeights = !first.plan.parameters.isEmpty
    isActivation = first.plan.pureActivation != nil
    outputs = roles.outputs(point: point, hasLocal: hasLocal, archive: archive)
    if steps.count > 1 {
      linear = roles.constructions(point: point, archive: archive)
      activated = roles.constructions(point: point, archive: archive)
    }
  }

  /// Takes the layer's values of one batch.
  ///
  /// - Throws: ``CheckpointError`` where rows are too many for memory and can't be written to a file.
  mutating func add(_ visit: Lockstep.Visit, _ place: DataPass.Place) throws(CheckpointError) {
    let features = visit.features.map(\.array)
    let mask = visit.features.first?.mask
    try outputs.add(features + visit.local, mask: mask, place)
    guard let values = visit.linear else { return }
    try linear?.add(values.features + values.local, mask: mask, place)
    try activated?.add(features + values.activated, mask: mask, place)
  }

  /// The layer's figures over one data file or all.
  func layer(
    _ point: NetworkPlan.Point, file: Int?, fit: LinearityReport.Fit?,
    weights: LinearityReport.Weights?
  ) throws(CheckpointError) -> LinearityReport.Layer {
    var alphas: [LinearityReport.AtAlpha] = []
    var local: [LinearityReport.Local] = []
    var secondOrder: [LinearityReport.SecondOrder] = []
    let count = roles.merged.count
    for place in 0..<count {
      let alpha = roles.alpha(place, point: self.point)
      let first = 1 + 3 * place
      alphas.append(
        LinearityReport.AtAlpha(
          alpha: alpha, closeness: try outputs.closeness(first, file: file),
          toA: try outputs.closeness(first + 1, file: file),
          toB: try outputs.closeness(first + 2, file: file)))
      if hasLocal { local.append(try self.local(place, alpha: alpha, file: file)) }
      guard !roles.curvature.isEmpty else { continue }
      let comparison = roles.deviation(place, point: self.point)
      let interpolated = LinearForm.interpolation(0, 1, alpha: alpha)
      func ratio(_ form: LinearForm) throws(CheckpointError) -> Double {
        try outputs.normRatio(form, to: interpolated, file: file)?.mean ?? 0
      }
      let closeness = try outputs.closeness(
        1 + 3 * count + (hasLocal ? count : 0) + place, file: file)
      secondOrder.append(
        LinearityReport.SecondOrder(
          alpha: alpha,
          measured: try ratio(comparison.measured), predicted: try ratio(comparison.reference),
          cosine: closeness.oneMinusCos.map { 1 - $0.mean } ?? 0))
    }
    var layer = LinearityReport.Layer(
      name: point.name, kind: point.kind, shape: point.shape,
      position: point.isLogits ? "logits" : "output",
      baseline: try outputs.closeness(0, file: file),
      alphas: alphas, local: local, secondOrder: secondOrder.isEmpty ? nil : secondOrder,
      weights: weights, fit: fit, grade: .linear)
    layer.grade = Grading().grade(layer)
    return layer
  }

  private func local(
    _ place: Int, alpha: Double, file: Int?
  ) throws(CheckpointError) -> LinearityReport.Local {
    let whole = try outputs.closeness(1 + 3 * roles.merged.count + place, file: file)
    let error = whole.relativeError?.mean
    func mean(_ comparisons: LayerComparisons) throws(CheckpointError) -> Double? {
      try comparisons.closeness(place, file: file).relativeError?.mean
    }
    return LinearityReport.Local(
      alpha: alpha, closeness: whole,
      commutativity: try linear.map(mean) ?? (hasWeights ? error : nil),
      activation: try activated.map(mean) ?? (isActivation ? error : nil),
      grade: Grading().grade(whole))
  }
}

/// The least-squares alpha of a merged file's features at one layer.
struct FitGathering {
  private var comparisons: LayerComparisons

  init(archive: RowArchive) {
    comparisons = LayerComparisons(
      streams: 3, comparisons: [.fit(2, 0, 1)], norms: [.stream(2)], archive: archive)
  }

  /// Takes the layer's values of one batch.
  ///
  /// - Throws: ``CheckpointError`` where rows are too many for memory and can't be written to a file.
  mutating func add(_ visit: Lockstep.Visit, _ place: DataPass.Place) throws(CheckpointError) {
    try comparisons.add(visit.features.map(\.array), mask: visit.features.first?.mask, place)
  }

  /// The fit over one data file or all.
  func fit(_ file: Int?) throws(CheckpointError) -> LinearityReport.Fit? {
    try comparisons.fit(0, merged: .stream(2), file: file)
  }
}
