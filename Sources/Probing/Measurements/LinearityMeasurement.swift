package import Checkpoints
internal import Networks

/// Layer by layer, whether merged models' features are the interpolation of their sources'.
///
/// One pass over the data for all alphas; a merged file without a given alpha takes a pass before, in
/// which each layer's alpha is fitted.
package struct LinearityMeasurement {
  /// What a person chose.
  package struct Settings: Sendable {
    /// The alphas, ascending; for a merged file only its own.
    package var alphas: [Double] = [0.25, 0.5, 0.75]
    /// Whether the session's third model is the merge to probe.
    package var hasMerged = false
    /// The merged file's alpha; nil to fit one for each layer.
    package var mergedAlpha: Double?
    /// Whether the second-order term is measured.
    package var measuresCurvature = false
    /// The place of the pretrained model in the session; nil for none.
    package var base: Int?

    /// Defaults.
    package init() {}
  }

  let session: ProbeSession
  let settings: Settings

  /// A measurement of the session's first two models.
  package init(_ session: ProbeSession, _ settings: Settings) {
    self.session = session
    self.settings = settings
  }

  /// Measures.
  ///
  /// - Throws: ``CheckpointError`` where files can't be read, or a model can't be computed.
  package func run() throws(CheckpointError) -> LinearityReport {
    let fits = try fitAlphas()
    var roles = LinearityStreams(settings)
    let kernels = try session.kernels(.all, networks: roles.formulas.count + roles.merged.count)
    var geometry: [WeightGeometry?] = kernels.plan.slots.map { _ in nil }
    let (networks, warnings) = try session.networks(roles.formulas, names: roles.names, kernels) {
      layer, sources in
      geometry[layer] = WeightGeometry(
        sources, kernels.plan.slots[layer], base: settings.base)
    }
    let points = kernels.plan.points
    // Where both sources are alike every alpha fits.
    roles.fittedAlphas = try fits.map { fit throws(CheckpointError) in
      try fit.fit(nil)?.alpha ?? 0.5
    }
    let locals = roles.merged.indices.map { place in
      Lockstep.Local(
        network: roles.merged[place],
        inputs: points.indices.map { .interpolation(0, 1, alpha: roles.alpha(place, point: $0)) })
    }
    let lockstep = Lockstep(kernels, networks: networks, locals: locals)
    let archive = RowArchive()
    var gathered = points.indices.map {
      LayerGathering(kernels.plan, point: $0, roles, archive: archive)
    }
    var scores = LinearityOutput(session, kernels.plan, roles)
    try DataPass(session: session, lockstep: lockstep).run(
      points: { session.measures(points[$0]) || $0 == kernels.plan.logitsPoint }
    ) { place, visit throws(CheckpointError) in
      try gathered[visit.point].add(visit, place)
    } conclude: { place, logits throws(CheckpointError) in
      try scores.add(logits, place)
    }
    func part(_ file: Int?) throws(CheckpointError) -> LinearityReport.Part {
      func layer(_ number: Int) throws(CheckpointError) -> LinearityReport.Layer {
        try gathered[number].layer(
          points[number], file: file, fit: fits.isEmpty ? nil : try fits[number].fit(file),
          weights: geometry[kernels.plan.steps[points[number].steps.lowerBound].layer]?.weights)
      }
      let output = scores.output(file)
      let chosen = points.indices.filter { session.measures(points[$0]) }
      let layers = try chosen.map { number throws(CheckpointError) in try layer(number) }
      // The logits always decide, and what follows them, which only makes a distribution of them, doesn't.
      let logits = kernels.plan.logitsPoint ?? points.count - 1
      let judged = zip(chosen, layers).filter { $0.0 < logits }.map(\.1) + [try layer(logits)]
      let evidence = Evidence(
        layers: judged, output: output, bn: session.settings.batchNorm.rawValue)
      return LinearityReport.Part(
        file: file.map { session.data.datasets[$0].file.name }, layers: layers, output: output,
        accuracy: scores.accuracies(file), verdict: Grading().verdict(evidence))
    }
    let files = session.data.datasets.count
    let union = try part(nil)
    return LinearityReport(
      header: try session.header("linearity", warnings: warnings),
      alphas: union.output.map(\.alpha),
      merged: settings.hasMerged ? session.models[2].checkpoint.file.name : nil, union: union,
      perData: files > 1
        ? try (0..<files).map { file throws(CheckpointError) in try part(file) } : [])
  }

  /// Fits a merged file's alpha at every layer where none was given.
  private func fitAlphas() throws(CheckpointError) -> [FitGathering] {
    guard settings.hasMerged, settings.mergedAlpha == nil else { return [] }
    let kernels = try session.kernels(.all, networks: 3)
    let (networks, _) = try session.networks(
      [.source(0), .source(1), .source(2)],
      names: ["the first model", "the second model", "the merged model"], kernels)
    let archive = RowArchive()
    var gathered = kernels.plan.points.map { _ in FitGathering(archive: archive) }
    try DataPass(session: session, lockstep: Lockstep(kernels, networks: networks)).run {
      place, visit throws(CheckpointError) in
      try gathered[visit.point].add(visit, place)
    } conclude: { _, _ in
    }
    return gathered
  }
}
