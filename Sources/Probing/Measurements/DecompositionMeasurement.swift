package import Checkpoints
internal import Networks
internal import Reporting

/// The feature decompositions of task arithmetic: what an edit of the weights does to the features.
///
///     addition   f(PT + s Σ tau_i)  ~  1/k Σ f(PT + k s tau_i)      (k tasks; the paper's has k = 2)
///     negation   f(PT - s tau)      ~  2 f(PT) - f(PT + s tau)
package struct DecompositionMeasurement {
  /// Which decomposition.
  package enum Kind: Hashable, Sendable {
    /// Several tasks are added.
    case addition
    /// One task is taken away.
    case negation
  }

  let session: ProbeSession
  let kind: Kind
  let scales: [Double]

  /// A measurement; the session's models are the tuned ones, then the base.
  package init(_ session: ProbeSession, _ kind: Kind, scales: [Double]) {
    self.session = session
    self.kind = kind
    self.scales = scales
  }

  private var base: Int { session.sources.count - 1 }
  private var tasks: Range<Int> { 0..<base }

  private var formula: String {
    switch kind {
    case .addition:
      "f(base + s (\(tasks.map { "tau\($0 + 1)" }.joined(separator: " + ")))) ~ "
        + tasks.map { "1/\(tasks.count) f(base + \(tasks.count)s tau\($0 + 1))" }.joined(
          separator: " + ")
    case .negation: "f(base - s tau) ~ 2 f(base) - f(base + s tau)"
    }
  }

  /// Measures.
  ///
  /// - Throws: ``CheckpointError`` where files can't be read, or a model can't be computed.
  package func run() throws(CheckpointError) -> DecompositionReport {
    var reports: [DecompositionReport.AtScale] = []
    var warnings: [String] = []
    var verdict: Verdict?
    for scale in scales {
      let (report, noted, judged) = try measure(scale)
      reports.append(report)
      warnings += noted
      if verdict.map({ $0.model < judged.model }) ?? true { verdict = judged }
    }
    return DecompositionReport(
      header: try session.header(kind == .addition ? "addition" : "negation", warnings: warnings),
      formula: formula, scales: reports,
      verdict: verdict ?? Verdict(model: .linear, reason: "no scale was asked for"))
  }

  /// How the networks of one scale are made: the edited one, those of the construction, then each task alone.
  private func formulas(_ scale: Double) -> (models: [ModelFormula], construction: LinearForm) {
    let count = Double(tasks.count)
    switch kind {
    case .addition:
      let parts = tasks.map { ModelFormula.task(base: base, [.init($0, count * scale)]) }
      let edited = ModelFormula.task(base: base, tasks.map { .init($0, scale) })
      let alone = tasks.map { ModelFormula.task(base: base, [.init($0, scale)]) }
      return (
        [edited] + parts + alone,
        tasks.map { (1 / count) * LinearForm.stream(1 + $0) }.reduce(0 * .stream(0), +)
      )
    case .negation:
      return (
        [
          .task(base: base, [.init(0, -scale)]), .source(base),
          .task(base: base, [.init(0, scale)]),
        ], 2 * .stream(1) - .stream(2)
      )
    }
  }

  private func measure(
    _ scale: Double
  ) throws(CheckpointError) -> (DecompositionReport.AtScale, [String], Verdict) {
    let (formulas, construction) = formulas(scale)
    let kernels = try session.kernels(.output, networks: formulas.count)
    let (networks, warnings) = try session.networks(
      formulas, names: formulas.indices.map { "model \($0) at scale \(scale)" }, kernels)
    var survey = LayerSurvey(
      session, kernels.plan, streams: formulas.count,
      [FeatureComparison(measured: .stream(0), reference: construction)])
    let constructions =
      [.stream(0), construction] + formulas.indices.dropFirst().map { LinearForm.stream($0) }
    // Each task alone, where every task has its data set.
    let alone =
      kind == .addition && session.data.datasets.count == tasks.count
      ? tasks.map { 2 + tasks.count + $0 } : []
    var scores = OutputScores(
      session, kernels.plan, constructions: constructions,
      pairings: [.init(0, 1)] + alone.map { .init(0, $0) })
    try DataPass(session: session, lockstep: Lockstep(kernels, networks: networks)).run(
      points: survey.includes
    ) { place, visit throws(CheckpointError) in
      try survey.add(visit, place)
    } conclude: { place, logits throws(CheckpointError) in
      try scores.add(logits, place)
    }
    let layers = try survey.closeness(0, file: nil)
    let agreement = scores.comparisons.agreement(0, 1)
    let disentanglement = scores.comparisons.disentanglementError(
      edited: 0, tasks: alone)
    let verdict = Grading().verdict(
      Evidence(
        layers: try survey.judged(0, file: nil), agreement: agreement, alpha: scale,
        bn: session.settings.batchNorm.rawValue))
    return (
      DecompositionReport.AtScale(
        scale: scale, layers: layers, scores: scores.entries(0, model: "edited"),
        constructedScores: scores.entries(1, model: "constructed"), agreement: agreement,
        disentanglementError: disentanglement), warnings, verdict
    )
  }
}
