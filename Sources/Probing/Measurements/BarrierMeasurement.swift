package import Checkpoints
internal import Networks
internal import Reporting

/// Linear mode connectivity: error and loss of the models on the line between two.
package struct BarrierMeasurement {
  let session: ProbeSession
  let alphas: [Double]

  /// A measurement between the session's two models at ascending alphas that hold 0 and 1.
  package init(_ session: ProbeSession, alphas: [Double]) {
    self.session = session
    self.alphas = alphas
  }

  /// Measures.
  ///
  /// - Throws: ``CheckpointError`` where files can't be read, there are no labels, or a model can't be computed.
  package func run() throws(CheckpointError) -> BarrierReport {
    try session.requireLabels("barrier")
    let kernels = try session.kernels(.output, networks: alphas.count)
    try session.requireFittingLabels(kernels.plan)
    let (networks, warnings) = try session.networks(
      alphas.map { .interpolation(0, 1, alpha: $0) }, names: alphas.map { "alpha \($0)" }, kernels)
    // The ends of the line are the sources.
    let (a, b) = (alphas.count - 1, 0)
    var scores = OutputScores(
      session, kernels.plan,
      constructions: alphas.indices.map { .stream($0) }
        + alphas.map { .interpolation(a, b, alpha: $0) })
    try DataPass(session: session, lockstep: Lockstep(kernels, networks: networks)).run(
      points: { _ in false }, visit: { _, _ in }
    ) { place, logits throws(CheckpointError) in
      try scores.add(logits, place)
    }
    let parts = try scores.parts.map { file throws(CheckpointError) in try part(scores, file) }
    return BarrierReport(
      header: try session.header("barrier", warnings: warnings), union: parts[0],
      perData: Array(parts.dropFirst()), verdict: Self.verdict(parts[0]))
  }

  private func part(_ scores: OutputScores, _ file: Int?) throws(CheckpointError)
    -> BarrierReport.Part
  {
    var points: [BarrierReport.Point] = []
    for (place, alpha) in alphas.enumerated() {
      guard let score = scores.score(place, file: file),
        let ensemble = scores.score(alphas.count + place, file: file)
      else {
        throw .unusable(
          session.data.datasets[file ?? 0].file.name,
          "has no labels that the model's output can be compared with",
          remedy: "barrier measures classifiers; give class numbers or one-hot rows as y")
      }
      points.append(
        BarrierReport.Point(
          alpha: alpha, accuracy: score.accuracy, error: 1 - score.accuracy, loss: score.loss,
          ensembleAccuracy: ensemble.accuracy))
    }
    return BarrierReport.Part(
      file: file.map { session.data.datasets[$0].file.name }, points: points,
      barrier: Self.barrier(points), lemma: Self.lemma(points))
  }

  /// How far the curve rises above the straight line between its ends.
  static func barrier(_ points: [BarrierReport.Point]) -> BarrierReport.Barrier {
    guard let first = points.first, let last = points.last else {
      return BarrierReport.Barrier(error: 0, loss: 0, alpha: 0)
    }
    var result = BarrierReport.Barrier(error: 0, loss: 0, alpha: first.alpha)
    for point in points {
      let line = { (value: KeyPath<BarrierReport.Point, Double>) in
        point.alpha * last[keyPath: value] + (1 - point.alpha) * first[keyPath: value]
      }
      let error = point.error - line(\.error)
      if error > result.error { (result.error, result.alpha) = (error, point.alpha) }
      result.loss = max(result.loss, point.loss - line(\.loss))
    }
    return result
  }

  /// Whether the error on the line keeps the lemma's bound of twice the ends' greater error.
  static func lemma(_ points: [BarrierReport.Point]) -> BarrierReport.Lemma {
    let epsilon = max(points.first?.error ?? 0, points.last?.error ?? 0)
    let worst = points.map(\.error).max() ?? 0
    return BarrierReport.Lemma(
      epsilon: epsilon, worstError: worst,
      worstEnsembleError: points.map { 1 - $0.ensembleAccuracy }.max() ?? 0,
      holds: worst <= 2 * epsilon)
  }

  private static func verdict(_ part: BarrierReport.Part) -> Verdict {
    let barrier = part.barrier
    let grade = ErrorCuts.grade(barrier.error)
    let height = "\(Figures.short(barrier.error * 100)) points of error"
    var advice: [String] = []
    if grade > .linear {
      advice.append(
        "Choose an alpha near one end, or look with linearity for the layers that break.")
    }
    return Verdict(
      model: grade,
      reason: grade == .linear
        ? "the error on the line rises at most \(height) above its ends"
        : "the error rises \(height) above the line between its ends, at alpha \(Figures.short(barrier.alpha))",
      alpha: barrier.alpha, advice: advice)
  }
}

/// The cuts between grades where errors are compared, in shares of samples.
enum ErrorCuts {
  /// A rise of the error up to this is linear; about the spread of models that differ in their seed alone.
  static let linear = 0.02
  /// A rise of the error up to this is weak.
  static let weak = 0.1

  static func grade(_ rise: Double) -> Grade {
    rise <= linear ? .linear : rise <= weak ? .weak : .broken
  }
}
