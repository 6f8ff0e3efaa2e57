package import Checkpoints
internal import Networks

/// Accuracy and loss of every model of a session.
package struct Evaluation {
  let session: ProbeSession

  /// An evaluation.
  package init(_ session: ProbeSession) {
    self.session = session
  }

  /// Measures.
  ///
  /// - Throws: ``CheckpointError`` where files can't be read, there are no labels, or a model can't be computed.
  package func run() throws(CheckpointError) -> EvaluationReport {
    try session.requireLabels("evaluate")
    let count = session.sources.count
    let kernels = try session.kernels(.output, networks: count)
    let names = session.models.map(\.checkpoint.file.name)
    let (networks, warnings) = try session.networks(
      (0..<count).map { .source($0) }, names: names, kernels)
    var scores = OutputScores(
      session, kernels.plan, constructions: (0..<count).map { .stream($0) })
    try DataPass(session: session, lockstep: Lockstep(kernels, networks: networks)).run(
      points: { _ in false }, visit: { _, _ in }
    ) { place, logits throws(CheckpointError) in
      try scores.add(logits, place)
    }
    return EvaluationReport(
      header: try session.header("evaluate", warnings: warnings),
      entries: names.indices.flatMap { scores.entries($0, model: names[$0]) })
  }
}

extension OutputScores {
  /// A construction's scores: over all data, then over each file where there are several.
  func entries(_ construction: Int, model: String) -> [EvaluationReport.Entry] {
    parts.compactMap { file in
      score(construction, file: file).map { score in
        EvaluationReport.Entry(
          model: model, data: file.map { session.data.datasets[$0].file.name },
          samples: comparisons.samples(file), score: score)
      }
    }
  }

  /// All data, then each file where there are several.
  var parts: [Int?] {
    let files = session.data.datasets.indices
    return [nil] + (files.count > 1 ? files.map { $0 } : [])
  }

  /// A construction's score; of a regression only the loss is one.
  func score(_ construction: Int, file: Int?) -> Score? {
    comparisons.score(construction, file: file)
  }
}

extension ProbeSession {
  /// Checks that the data have labels.
  ///
  /// - Throws: ``CheckpointError`` where they have none.
  func requireLabels(_ verb: String) throws(CheckpointError) {
    guard let dataset = data.datasets.first(where: { $0.labels == nil }) else { return }
    throw .unusable(
      dataset.file.name, "has no labels, without which \(verb) has nothing to tell",
      remedy: "add a data set y of the samples' classes, or name it with --y-key")
  }
}
