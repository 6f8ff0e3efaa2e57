/// What a network's output means.
package enum Task: Hashable, Sendable {
  /// One logit a class; the label is the number of a class.
  case classes(Int)
  /// One logit whose sigmoid is the probability of class 1; the label is 0 or 1.
  case binary
  /// Numbers that are to equal the targets.
  case regression(outputs: Int)

  /// The numbers that a network puts out for a sample.
  package var width: Int {
    switch self {
    case .classes(let count): count
    case .binary: 1
    case .regression(let outputs): outputs
    }
  }

  /// How many classes there are; nil where the output isn't classes.
  package var classCount: Int? {
    switch self {
    case .classes(let count): count
    case .binary: 2
    case .regression: nil
    }
  }
}

/// What the outputs of samples are to be.
package enum Targets: Hashable, Sendable {
  /// The class of each sample.
  case labels([Int])
  /// For each sample as many numbers as the network puts out.
  case values([Float])

  /// The labels of one-hot (or soft) rows: the first of the greatest, as NumPy's argmax.
  package static func oneHot(_ rows: [Float], classes: Int) -> Targets {
    .labels(
      stride(from: 0, to: classes > 0 ? rows.count / classes : 0, by: 1).map { row in
        var best = row * classes
        for place in row * classes..<(row + 1) * classes where rows[place] > rows[best] {
          best = place
        }
        return best - row * classes
      })
  }

  /// The first sample whose label isn't one of the task's classes, or that has no target, and so can't
  /// be scored; nil if all can.
  ///
  /// - Parameters:
  ///   - task: What the output means.
  ///   - samples: The number of samples.
  /// - Returns: The sample's number.
  package func firstUnusable(for task: Task, samples: Int) -> Int? {
    switch (self, task.classCount) {
    case (.labels(let labels), let classes?):
      labels.prefix(samples).firstIndex { !(0..<classes ~= $0) }
        ?? (labels.count < samples ? labels.count : nil)
    case (.values(let values), nil):
      values.count / max(1, task.width) < samples ? values.count / max(1, task.width) : nil
    default: samples > 0 ? 0 : nil
    }
  }
}
