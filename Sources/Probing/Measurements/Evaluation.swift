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
    try session.requireFittingLabels(kernels.plan)
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
      comparisons.meanLoss(construction, file: file).map { loss in
        EvaluationReport.Entry(
          model: model, data: file.map { session.data.datasets[$0].file.name },
          samples: comparisons.samples(file), score: score(construction, file: file), loss: loss)
      }
    }
  }

  /// All data, then each file where there are several.
  var parts: [Int?] {
    let files = session.data.datasets.indices
    return [nil] + (files.count > 1 ? files.map { $0 } : [])
  }

  /// A construction's score; nil for a regression and without labels.
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

  /// Checks that labels are what the model's output can be compared with.
  ///
  /// - Throws: ``CheckpointError`` where the output is classes and labels are other values, or of more classes.
  func requireFittingLabels(_ plan: NetworkPlan) throws(CheckpointError) {
    let shape = plan.shapes[plan.logits]
    for dataset in data.datasets {
      switch dataset.labels {
      case .targets where plan.outputActivation != nil:
        throw .unusable(
          dataset.file.name, "has labels that aren't class numbers, but the model tells classes",
          remedy: "give class numbers or one-hot rows as y, or --y-key none")
      case .classes(let count?) where shape.count == 1 && shape[0] > 1 && count > shape[0]:
        throw .unusable(
          dataset.file.name, "has labels of \(count) classes, but the model tells \(shape[0])",
          remedy: "use data that the model was trained for, or --y-key none")
      default: break
      }
    }
  }
}
