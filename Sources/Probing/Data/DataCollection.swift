package import Checkpoints

/// The data set files of a run, each by itself and as their union.
package struct DataCollection: Sendable {
  /// A run of samples of one file.
  package struct Slice: Hashable, Sendable {
    /// The place in `datasets`.
    package let dataset: Int
    /// Samples of that data set.
    package let samples: Range<Int>
  }

  /// The files, in the order in which they were named; at least one.
  package let datasets: [Dataset]
  /// The samples of all files together.
  package let count: Int

  /// Data sets of one network.
  ///
  /// - Parameter datasets: At least one.
  /// - Throws: ``CheckpointError`` where samples have different shapes, or only some have labels.
  package init(_ datasets: [Dataset]) throws(CheckpointError) {
    guard let first = datasets.first else {
      throw CheckpointError(.usage, subject: "--data", fact: "names no file")
    }
    for other in datasets {
      guard other.inputShapes == first.inputShapes else {
        throw .unusable(
          other.file.name,
          "has samples of shape \(DataCollection.words(other)), but those of \(first.file.name) "
            + "are \(DataCollection.words(first))",
          remedy: "probe files of different shapes one by one")
      }
      guard DataCollection.sameForm(other.labels, first.labels) else {
        let labelled = [first, other].first { $0.labels != nil } ?? first
        throw .unusable(
          other.file.name,
          "and \(first.file.name) have labels of different kinds, or only one has any",
          remedy: "labels were found in \(labelled.file.name); --y-key none leaves them out")
      }
    }
    self.datasets = datasets
    count = datasets.reduce(0) { $0 + $1.count }
  }

  /// Cuts all files into batches; none holds samples of two files.
  ///
  /// - Parameter size: The most samples of a batch, at least 1.
  /// - Returns: The batches, file by file.
  package func batches(of size: Int) -> [Slice] {
    precondition(size > 0)
    return datasets.enumerated().flatMap { place, dataset in
      stride(from: 0, to: dataset.count, by: size).map {
        Slice(dataset: place, samples: $0..<min($0 + size, dataset.count))
      }
    }
  }

  private static func words(_ dataset: Dataset) -> String {
    dataset.inputShapes.map { shapeText($0) }.joined(separator: ", ")
  }

  private static func sameForm(_ left: Labels.Kind?, _ right: Labels.Kind?) -> Bool {
    switch (left, right) {
    case (nil, nil), (.classes, .classes): true
    case (.targets(let left), .targets(let right)): left == right
    default: false
    }
  }
}
