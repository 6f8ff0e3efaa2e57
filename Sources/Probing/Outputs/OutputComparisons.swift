/// What constructions from the outputs of several networks say about samples, batch by batch.
///
/// A construction is a form of streams: one network's logits, or the interpolation of two. Samples are
/// counted and losses added up, for each data file and for all, in the order in which samples come; so
/// nothing grows with their number, and results don't depend on batches.
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

  /// Two constructions (by number) whose classes are compared sample by sample.
  package struct Pairing: Hashable, Sendable {
    /// The first construction.
    package var first: Int
    /// The second construction.
    package var second: Int

    /// A pair.
    package init(_ first: Int, _ second: Int) {
      self.first = first
      self.second = second
    }
  }

  /// What the outputs mean.
  package let task: Task
  /// The constructions.
  package let constructions: [LinearForm]
  let pairings: [Pairing]
  private let certificates: [Certificate]
  private(set) var all: OutputCounts
  private(set) var files: [OutputCounts] = []

  /// Nothing yet.
  ///
  /// - Parameters:
  ///   - task: What the outputs mean.
  ///   - constructions: What is judged.
  ///   - pairings: The constructions that are compared with each other.
  ///   - certificates: Which of them vouch for which.
  package init(
    task: Task, constructions: [LinearForm], pairings: [Pairing] = [],
    certificates: [Certificate] = []
  ) {
    self.task = task
    self.constructions = constructions
    self.pairings = pairings
    self.certificates = certificates
    all = OutputCounts(
      constructions: constructions.count, pairings: pairings.count,
      certificates: certificates.count)
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
        OutputCounts(
          constructions: constructions.count, pairings: pairings.count,
          certificates: certificates.count))
    }
    var rows = Array(
      repeating: [Double](repeating: 0, count: task.width), count: constructions.count)
    for sample in 0..<samples {
      for (number, form) in constructions.enumerated() {
        evaluate(form, outputs, sample: sample, into: &rows[number])
      }
      let said = rows.map { SampleOutput($0, task: task) }
      let counted = OutputCounts.Sample(
        label: label(targets, sample), predicted: said.map(\.predicted),
        losses: targets.map { targets in rows.map { loss($0, targets, sample) } },
        certified: certificates.map { certificate in
          let reference = said[certificate.reference]
          return reference.predicted != nil
            && deviation(rows[certificate.measured], rows[certificate.reference])
              < reference.margin / 2
        })
      all.add(counted, pairings)
      files[file].add(counted, pairings)
    }
  }

  /// The greatest difference of two logits.
  private func deviation(_ u: [Double], _ v: [Double]) -> Double {
    zip(u, v).reduce(0) { greatest, pair in
      // Where both rule a class out, it can't win; a NaN must not look small.
      let difference = pair.0 == pair.1 ? 0 : (pair.0 - pair.1).magnitude
      return difference.isNaN ? .infinity : max(greatest, difference)
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
