internal import Checkpoints
internal import Networks

/// What constructions of the networks' logits say about the samples, over a pass.
struct OutputScores {
  private(set) var comparisons: OutputComparisons
  let session: ProbeSession
  /// Whether labels can be compared with the output.
  private let isScored: Bool

  /// Nothing yet.
  ///
  /// - Parameters:
  ///   - session: Whose labels.
  ///   - plan: Whose output.
  ///   - constructions: What is judged, in terms of the networks' logits.
  ///   - pairings: Which of them are compared with each other.
  ///   - certificates: Which of them vouch for which.
  init(
    _ session: ProbeSession, _ plan: NetworkPlan, constructions: [LinearForm],
    pairings: [OutputComparisons.Pairing] = [],
    certificates: [OutputComparisons.Certificate] = []
  ) {
    self.session = session
    let shape = plan.shapes[plan.logits]
    let labels = session.data.datasets.first?.labels
    let width = shape.reduce(1, *)
    let task: Task
    switch labels {
    case .targets:
      task = .regression(outputs: width)
      isScored = plan.outputActivation == nil
    case .classes:
      task = shape.count != 1 ? .regression(outputs: width) : width == 1 ? .binary : .classes(width)
      isScored = shape.count == 1
    case nil:
      // Without labels a single row of several numbers is still compared as classes are.
      task = shape.count == 1 && width > 1 ? .classes(width) : .regression(outputs: width)
      isScored = false
    }
    comparisons = OutputComparisons(
      task: task, constructions: constructions, pairings: pairings, certificates: certificates)
  }

  /// Takes the logits of one batch.
  ///
  /// - Throws: ``CheckpointError`` where a label isn't one of the classes.
  mutating func add(_ logits: [FloatArray], _ place: DataPass.Place) throws(CheckpointError) {
    let width = comparisons.task.width
    var targets: Targets?
    if isScored {
      switch place.labels {
      case .classes(let labels): targets = .labels(labels)
      case .targets(let values, _): targets = .values(values)
      case nil: break
      }
    }
    if let targets,
      let sample = targets.firstUnusable(for: comparisons.task, samples: place.samples)
    {
      let file = session.data.datasets[place.file].file.name
      throw .unusable(
        file,
        "has a label that isn't one of the model's \(comparisons.task.classCount ?? width) classes, "
          + "at sample \(place.first + sample)",
        remedy: "use data that the model was trained for, or --y-key none")
    }
    comparisons.add(
      logits.map { unsafe Array($0.values(0..<place.samples * width)) }, samples: place.samples,
      targets: targets, file: place.file)
  }
}
