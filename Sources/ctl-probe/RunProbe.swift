import Checkpoints
import FormatRegistry
import Networks
import Probing
import Reporting
import Terminal

/// Measures what a request asks for: the one way from the command line to the measurements.
///
/// - Parameters:
///   - request: What is to be measured.
///   - replacesOutput: Whether an existing file of features may be replaced.
///   - progress: Called now and then with the samples that are done and how many there are.
/// - Returns: The result.
/// - Throws: ``CheckpointError`` where a file can't be used or numbers aren't finite.
func runProbe(
  _ request: ProbeRequest, replacesOutput: Bool,
  progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
) throws(CheckpointError) -> ProbeResult {
  Threads.use(request.settings.threads)
  let session = try openSession(request, progress: progress)
  switch request.measurement {
  case .linearity(let asked):
    var settings = LinearityMeasurement.Settings()
    settings.alphas = asked.alphas
    settings.hasMerged = asked.merged != nil
    settings.mergedAlpha = asked.merged?.alpha
    settings.measuresCurvature = asked.measuresCurvature
    settings.base = request.base == nil ? nil : session.models.count - 1
    let report = try LinearityMeasurement(session, settings).run()
    return ProbeResult(report, grade: report.union.verdict.model, header: report.header)
  case .evaluate:
    let report = try Evaluation(session).run()
    return ProbeResult(report, grade: nil, header: report.header)
  case .features(let output):
    return try extractFeatures(session, to: output, replacing: replacesOutput)
  case .barrier(let alphas):
    let report = try BarrierMeasurement(session, alphas: alphas).run()
    return ProbeResult(report, grade: report.verdict.model, header: report.header)
  case .soup(let weights):
    let report = try SoupMeasurement(session, weights: weights).run()
    return ProbeResult(report, grade: report.union.verdict.model, header: report.header)
  case .addition(let scales):
    let report = try DecompositionMeasurement(session, .addition, scales: scales).run()
    return ProbeResult(report, grade: report.verdict.model, header: report.header)
  case .negation(let scales):
    let report = try DecompositionMeasurement(session, .negation, scales: scales).run()
    return ProbeResult(report, grade: report.verdict.model, header: report.header)
  case .stitch:
    let report = try StitchMeasurement(session).run()
    return ProbeResult(report, grade: report.verdict.model, header: report.header)
  case .matrix:
    let report = try MatrixMeasurement(session).run()
    return ProbeResult(report, grade: report.verdict.model, header: report.header)
  }
}

/// Opens every file of a request, side by side, and fits them together.
private func openSession(
  _ request: ProbeRequest, progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
) throws(CheckpointError) -> ProbeSession {
  var files = try CheckpointFormats.openAll(request.inputs, threads: request.settings.threads)[...]
  let names = request.models.count == 2 ? ["a", "b"] : nil
  var models: [ProbeSession.Model] = []
  for place in request.models.indices {
    models.append(
      ProbeSession.Model(files.removeFirst(), part: names?[place] ?? "source \(place + 1)"))
  }
  // In the order of `inputs`: the base stands before a merged file, and behind it in a session.
  let base = request.base.map { _ in ProbeSession.Model(files.removeFirst(), part: "base") }
  if case .linearity(let asked) = request.measurement, asked.merged != nil {
    models.append(ProbeSession.Model(files.removeFirst(), part: "merged"))
  }
  if let base { models.append(base) }
  var settings = ProbeSession.Settings()
  settings.batchNorm = request.settings.batchNorm
  settings.batchSize = request.settings.batchSize
  settings.layers = request.settings.layers
  settings.data = Dataset.Options(
    xKey: request.settings.xKey, yKey: request.settings.yKey, limit: request.settings.limit)
  settings.calibration = request.settings.calibration.map { _ in files.removeLast() }
  if let path = request.settings.architecture {
    let file = try InputFile.open(path)
    guard let whole = Extent(offset: 0, length: file.size) else {
      throw .unusable(path, "is empty")
    }
    settings.architecture = (path, String(decoding: try file.bytes(whole), as: UTF8.self))
  }
  return try ProbeSession(
    models: models, data: Array(files), settings: settings, progress: progress)
}

/// Writes every layer's output to a file.
private func extractFeatures(
  _ session: ProbeSession, to destination: StagedFile.Destination, replacing: Bool
) throws(CheckpointError) -> ProbeResult {
  let extraction = try FeatureExtraction(session)
  let layers = extraction.outputs.map { FeatureFile.Layer(name: $0.name, shape: $0.shape) }
  let file = try FeatureFile(
    layers, samples: session.data.count, to: destination, replacing: replacing,
    writer: try OutputFormats.writer(named: destination.name))
  try unsafe extraction.run { output, samples, values throws(CheckpointError) in
    try file.write(unsafe values.span, of: output, samples: samples)
  }
  try file.commit()
  let header = try session.header("features", warnings: [])
  return ProbeResult(
    FeaturesReport(
      header: header, output: destination.name,
      layers: layers.map { .init(name: $0.name, shape: [session.data.count] + $0.shape) }),
    grade: nil,
    header: header)
}

extension ProbeResult {
  /// A report in every form.
  init(_ report: some RenderableReport, grade: Grade?, header: Header) {
    self.init(
      grade: grade, warnings: header.warnings,
      text: { display in
        report.terminalText(
          TerminalStyle(
            isColoured: display.isColoured, hasBars: display.isTerminal, width: display.width))
      },
      json: { jsonText(report.jsonView) }, csv: { report.csvText }, html: { report.htmlText })
  }
}
