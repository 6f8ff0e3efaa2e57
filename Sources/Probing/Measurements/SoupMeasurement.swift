package import Checkpoints
internal import Networks
internal import Reporting

/// Averaging the weights of k models against averaging their logits.
package struct SoupMeasurement {
  let session: ProbeSession
  let weights: [Double]

  /// A measurement of all models of a session.
  ///
  /// - Parameters:
  ///   - session: The models.
  ///   - weights: One for each, with sum 1.
  package init(_ session: ProbeSession, weights: [Double]) {
    self.session = session
    self.weights = weights
  }

  /// Each member's part of the soup without one; nil where nothing is left to divide by.
  private func weights(without member: Int) -> [Double]? {
    let rest = 1 - weights[member]
    guard weights.count > 2, rest != 0 else { return nil }
    return weights.enumerated().map { $0 == member ? 0 : $1 / rest }
  }

  /// For each member the parts of the soup without it, where that is one.
  private var rests: [[Double]?] { weights.indices.map { weights(without: $0) } }

  /// Measures.
  ///
  /// - Throws: ``CheckpointError`` where files can't be read, or a model can't be computed.
  package func run() throws(CheckpointError) -> SoupReport {
    let count = weights.count
    let names = session.models.map(\.checkpoint.file.name)
    // The soup, then the soup without each member that leaves something.
    let mixtures = [weights] + rests.compactMap(\.self)
    let formulas =
      (0..<count).map { ModelFormula.source($0) }
      + mixtures.map { mixture in
        .weighted(mixture.enumerated().map { ModelFormula.Term($0, $1) })
      }
    let kernels = try session.kernels(.output, networks: formulas.count)
    let (networks, warnings) = try session.networks(
      formulas,
      names: names + ["the soup"] + mixtures.dropFirst().map { _ in "the soup without a member" },
      kernels)
    // Every mixture of weights against the same mixture of features.
    let ensembles = mixtures.map { mixture in
      mixture.enumerated().map { $1 * LinearForm.stream($0) }.reduce(0 * .stream(0), +)
    }
    var survey = LayerSurvey(
      session, kernels.plan, streams: formulas.count,
      ensembles.enumerated().map { place, ensemble in
        FeatureComparison(measured: .stream(count + place), reference: ensemble)
      })
    var scores = OutputScores(
      session, kernels.plan,
      constructions: formulas.indices.map { .stream($0) } + [ensembles[0]],
      pairings: [.init(count, formulas.count)])
    try DataPass(session: session, lockstep: Lockstep(kernels, networks: networks)).run(
      points: survey.includes
    ) { place, visit throws(CheckpointError) in
      try survey.add(visit, place)
    } conclude: { place, logits throws(CheckpointError) in
      try scores.add(logits, place)
    }
    let parts = try scores.parts.map { file throws(CheckpointError) in
      try part(survey, scores, names, file)
    }
    return SoupReport(
      header: try session.header("soup", warnings: warnings), union: parts[0],
      perData: Array(parts.dropFirst()))
  }

  private func part(
    _ survey: LayerSurvey, _ scores: OutputScores, _ names: [String], _ file: Int?
  ) throws(CheckpointError) -> SoupReport.Part {
    let count = weights.count
    let rests = rests
    let (soup, ensemble) = (count, count + 1 + rests.count { $0 != nil })
    let layers = try survey.closeness(0, file: file)
    let whole = try survey.logits(0, file: file)?.oneMinusCos?.mean
    let members = try names.indices.map { member throws(CheckpointError) in
      let without = rests[member] == nil ? nil : 1 + rests[..<member].count { $0 != nil }
      return SoupReport.Member(
        model: names[member], weight: weights[member], score: scores.score(member, file: file),
        oneMinusCosWithout: try without.flatMap { number throws(CheckpointError) in
          try survey.logits(number, file: file)?.oneMinusCos?.mean
        },
        accuracyWithout: without.flatMap { scores.score(count + $0, file: file)?.accuracy })
    }
    let agreement = scores.comparisons.agreement(soup, ensemble, file: file)
    let outcomes = scores.comparisons.pairedOutcomes(soup, ensemble, file: file)
    var verdict = Grading().verdict(
      Evidence(
        layers: try survey.judged(0, file: file), agreement: agreement,
        bn: session.settings.batchNorm.rawValue))
    if verdict.model > .linear, let spoiler = spoiler(members, whole) {
      verdict.advice.insert(
        "Leave \(spoiler) out: without it the soup is nearest to its ensemble.", at: 0)
    }
    return SoupReport.Part(
      file: file.map { session.data.datasets[$0].file.name }, layers: layers,
      soup: scores.score(soup, file: file), ensemble: scores.score(ensemble, file: file),
      agreement: agreement,
      test: outcomes.map { SoupReport.PairedTest($0) }, members: members, verdict: verdict)
  }

  /// The member without which the soup is at least twice as near to its ensemble; nil for none.
  private func spoiler(_ members: [SoupReport.Member], _ whole: Double?) -> String? {
    guard let whole,
      let best = members.min(by: {
        $0.oneMinusCosWithout ?? .infinity < $1.oneMinusCosWithout ?? .infinity
      }), let distance = best.oneMinusCosWithout, distance < whole / 2
    else { return nil }
    return best.model
  }
}
