internal import Checkpoints
internal import Networks

/// What a linearity run tells about the model's output: merged models against interpolated logits.
struct LinearityOutput {
  private let roles: LinearityStreams
  private let alphas: [Double]
  private var scores: OutputScores

  /// Constructions 0 and 1 are the sources; then for each alpha the merged model and the interpolation.
  init(_ session: ProbeSession, _ plan: NetworkPlan, _ roles: LinearityStreams) {
    self.roles = roles
    let last = plan.logitsPoint ?? plan.points.count - 1
    alphas = roles.merged.indices.map { roles.alpha($0, point: last) }
    var constructions: [LinearForm] = [.stream(0), .stream(1)]
    for (number, alpha) in zip(roles.merged, alphas) {
      constructions += [.stream(number), .interpolation(0, 1, alpha: alpha)]
    }
    scores = OutputScores(
      session, plan, constructions: constructions,
      pairings: roles.merged.indices.map { .init(2 + 2 * $0, 3 + 2 * $0) },
      certificates: roles.merged.indices.map { .init(measured: 2 + 2 * $0, reference: 3 + 2 * $0) })
  }

  /// Takes the logits of one batch.
  mutating func add(_ logits: [FloatArray], _ place: DataPass.Place) throws(CheckpointError) {
    try scores.add(logits, place)
  }

  /// The figures over one data file or all.
  func output(_ file: Int?) -> [LinearityReport.Output] {
    let all = scores.comparisons
    return alphas.enumerated().map { place, alpha in
      let (merged, ensemble) = (2 + 2 * place, 3 + 2 * place)
      return LinearityReport.Output(
        alpha: alpha, accuracy: all.score(merged, file: file)?.accuracy,
        loss: all.meanLoss(merged, file: file),
        ensembleAccuracy: all.score(ensemble, file: file)?.accuracy,
        ensembleLoss: all.meanLoss(ensemble, file: file),
        agreement: all.agreement(merged, ensemble, file: file),
        certified: all.certified(place, file: file))
    }
  }

  /// The sources' accuracies.
  func accuracies(_ file: Int?) -> LinearityReport.Accuracies? {
    guard let a = scores.comparisons.score(0, file: file),
      let b = scores.comparisons.score(1, file: file)
    else { return nil }
    return LinearityReport.Accuracies(a: a.accuracy, b: b.accuracy)
  }
}
