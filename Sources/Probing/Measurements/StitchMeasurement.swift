package import Checkpoints
internal import Networks
internal import Reporting

/// Stitching: the first model's features at a layer, and the interpolated ones, go on through the layers
/// behind it of the second and of the merged model.
///
/// Only the layer's output is replaced; what bypasses it (a residual connection) stays the tail model's own.
package struct StitchMeasurement {
  let session: ProbeSession

  /// A measurement of the session's two models; the merged model is half-way.
  package init(_ session: ProbeSession) {
    self.session = session
  }

  /// Measures.
  ///
  /// - Throws: ``CheckpointError`` where files can't be read, there are no labels, or a model can't be computed.
  package func run() throws(CheckpointError) -> StitchReport {
    try session.requireLabels("stitch")
    let kernels = try session.kernels(.output, networks: 3, keepsAll: true)
    let plan = kernels.plan
    try session.requireFittingLabels(plan)
    let (networks, warnings) = try session.networks(
      [.source(0), .source(1), .interpolation(0, 1, alpha: 0.5)],
      names: ["the first model", "the second model", "the model half-way"], kernels)
    // Behind the logits nothing is stitched.
    let last = plan.logitsPoint ?? plan.points.count
    let cuts = plan.points[..<last].indices.filter { session.measures(plan.points[$0]) }
    var scores = OutputScores(
      session, plan,
      constructions: [.stream(0), .stream(1), .stream(2), .interpolation(0, 1, alpha: 0.5)]
        + cuts.indices.flatMap { [.stream(3 + 2 * $0), .stream(4 + 2 * $0)] })
    try session.forEachBatch(kernels) { place, inputs throws(CheckpointError) in
      var tables: [ValueTable] = []
      for network in networks { tables.append(try ValueTable(inputs, of: network, kernels)) }
      var logits = tables.compactMap(\.logits)
      for cut in cuts {
        let value = plan.points[cut].value
        guard let a = tables[0][value], let b = tables[1][value] else { continue }
        let half = FloatArray.combining([(a.array, 0.5), (b.array, 0.5)])
        let stitched = try tables[1].logits(replacing: value, with: a, of: networks[1])
        let interpolated = try tables[2].logits(
          replacing: value, with: Feature(half, mask: a.mask), of: networks[2])
        logits += [stitched, interpolated].compactMap(\.self)
      }
      try scores.add(logits, place)
    }
    return try report(plan, cuts, scores, warnings)
  }

  private func report(
    _ plan: NetworkPlan, _ cuts: [Int], _ scores: OutputScores, _ warnings: [String]
  ) throws(CheckpointError) -> StitchReport {
    func score(_ construction: Int) throws(CheckpointError) -> Score {
      guard let score = scores.score(construction, file: nil) else {
        throw .unusable(
          session.data.datasets[0].file.name,
          "has no labels that the model's output can be compared with",
          remedy: "stitch measures classifiers; give class numbers or one-hot rows as y")
      }
      return score
    }
    let (a, b, merged) = (try score(0), try score(1), try score(2))
    let ensemble = try score(3)
    var results: [StitchReport.Cut] = []
    for (place, cut) in cuts.enumerated() {
      let point = plan.points[cut]
      results.append(
        StitchReport.Cut(
          name: point.name, kind: point.kind, shape: point.shape,
          aIntoB: try score(4 + 2 * place), interpolatedIntoMerged: try score(5 + 2 * place)))
    }
    return StitchReport(
      header: try session.header("stitch", warnings: warnings), a: a, b: b, merged: merged,
      cuts: results, restoredFrom: restoration(results, ensemble),
      verdict: verdict(results, a, b))
  }

  /// The first cut from which on interpolated features are as good as the ensemble, within its interval.
  private func restoration(_ cuts: [StitchReport.Cut], _ ensemble: Score) -> String? {
    let least = ensemble.accuracyInterval.first ?? ensemble.accuracy
    let failing = cuts.lastIndex { $0.interpolatedIntoMerged.accuracy < least }
    let first = failing.map { $0 + 1 } ?? 0
    return first < cuts.count ? cuts[first].name : nil
  }

  private func verdict(_ cuts: [StitchReport.Cut], _ a: Score, _ b: Score) -> Verdict {
    guard let worst = cuts.min(by: { $0.aIntoB.accuracy < $1.aIntoB.accuracy }) else {
      return Verdict(
        model: .broken, reason: "no layer lies before the logits",
        advice: ["Choose other layers with --layers."])
    }
    let rise = min(a.accuracy, b.accuracy) - worst.aIntoB.accuracy
    let grade = ErrorCuts.grade(rise)
    let figure = Figures.percent(worst.aIntoB.accuracy)
    return Verdict(
      model: grade,
      reason:
        "cut behind its worst layer, \(worst.name), the first model goes on through the second with "
        + "\(figure) accuracy; the models themselves have \(Figures.percent(a.accuracy)) and "
        + Figures.percent(b.accuracy),
      culprits: grade == .linear ? [] : [worst.name],
      advice: grade == .linear
        ? []
        : ["Merge the layers where stitching works, and keep each task's own layers behind them."])
  }
}
