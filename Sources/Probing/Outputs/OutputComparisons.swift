/// What constructions from the outputs of several networks say about samples, batch by batch.
///
/// A construction is a form of streams: one network's logits, or the interpolation of two. Of every
/// sample the predicted class and the loss of each construction are kept, grouped by data file, so
/// that any two can be compared afterwards; results don't depend on batches.
package struct OutputComparisons: Sendable {
  /// Two constructions (by number) of which the second is to vouch for the first.
  package struct Certificate: Hashable, Sendable {
    /// The construction that is predicted, such as the merged model.
    package var measured: Int
    /// The construction whose margin vouches, such as the interpolated logits.
    package var reference: Int

    /// A certificate.
    package init(measured: Int, reference: Int) {
      self.measured = measured
      self.reference = reference
    }
  }

  /// The samples of one data file.
  struct FileOutputs {
    var samples = 0
    /// For each construction, for each sample: the class, -1 where there is none.
    var predicted: [[Int32]]
    /// For each construction, for each labelled sample: the loss.
    var losses: [[Double]]
    /// For each sample its class; -1 where it has none.
    var labels: [Int32] = []
    /// For each certificate the number of samples that it holds for.
    var certified: [Int]
  }

  /// What the outputs mean.
  package let task: Task
  /// The constructions.
  package let constructions: [LinearForm]
  private let certificates: [Certificate]
  private(set) var files: [FileOutputs] = []

  /// Nothing yet.
  package init(task: Task, constructions: [LinearForm], certificates: [Certificate] = []) {
    self.task = task
    self.constructions = constructions
    self.certificates = certificates
  }

  /// Takes a batch of one data file.
  ///
  /// - Parameters:
  ///   - outputs: For each stream `samples x task.width` logits, sample by sample.
  ///   - samples: The number of samples.
  ///   - targets: Their targets, which must be usable (`Targets.firstUnusable`); nil without.
  ///   - file: The number of the data file, from 0.
  package mutating func add(
    _ outputs: [[Float]], samples: Int, targets: Targets?, file: Int = 0
  ) {
    precondition(
      targets.flatMap { $0.firstUnusable(for: task, samples: samples) } == nil, "unusable targets")
    while files.count <= file {
      files.append(
        FileOutputs(
          predicted: Array(repeating: [], count: constructions.count),
          losses: Array(repeating: [], count: constructions.count),
          certified: Array(repeating: 0, count: certificates.count)))
    }
    var rows = Array(
      repeating: [Double](repeating: 0, count: task.width), count: constructions.count)
    for sample in 0..<samples {
      for (number, form) in constructions.enumerated() {
        evaluate(form, outputs, sample: sample, into: &rows[number])
      }
      files[file].samples += 1
      files[file].labels.append(label(targets, sample).map(Int32.init(clamping:)) ?? -1)
      let said = rows.map { SampleOutput($0, task: task) }
      for (number, row) in rows.enumerated() {
        files[file].predicted[number].append(
          said[number].predicted.map(Int32.init(clamping:)) ?? -1)
        if let targets { files[file].losses[number].append(loss(row, targets, sample)) }
      }
      for (number, certificate) in certificates.enumerated() {
        let (u, v) = (rows[certificate.measured], rows[certificate.reference])
        let isUsable = said[certificate.reference].predicted != nil
        let deviation = zip(u, v).reduce(0) { greatest, pair in
          // Where both rule a class out, it can't win; a NaN must not look small.
          let difference = pair.0 == pair.1 ? 0 : (pair.0 - pair.1).magnitude
          return difference.isNaN ? .infinity : max(greatest, difference)
        }
        if isUsable && deviation < said[certificate.reference].margin / 2 {
          files[file].certified[number] += 1
        }
      }
    }
  }

  private func evaluate(
    _ form: LinearForm, _ outputs: [[Float]], sample: Int, into row: inout [Double]
  ) {
    for place in row.indices { row[place] = 0 }
    for term in form.terms {
      for place in row.indices {
        row[place] += term.factor * Double(outputs[term.stream][sample * row.count + place])
      }
    }
  }

  private func label(_ targets: Targets?, _ sample: Int) -> Int? {
    if case .labels(let labels)? = targets { labels[sample] } else { nil }
  }

  private func loss(_ row: [Double], _ targets: Targets, _ sample: Int) -> Double {
    switch targets {
    case .labels(let labels):
      task == .binary
        ? SampleOutput.binaryCrossEntropy(row[0], label: labels[sample])
        : SampleOutput.crossEntropy(row, label: labels[sample])
    case .values(let values):
      SampleOutput.squaredError(row, values[sample * row.count..<(sample + 1) * row.count])
    }
  }
}
