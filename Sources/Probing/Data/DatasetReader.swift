package import Checkpoints

/// Some samples of a data set, ready for a network.
package struct Batch: Sendable {
  /// Which samples of the data set they are.
  package let samples: Range<Int>
  /// For each input the values in C order: (samples, shape of the input).
  package let inputs: [[Float]]
  /// The labels; nil where the data set has none.
  package let labels: Labels?
  /// Whether each position of each sample counts; nil where the data set has no mask.
  package let mask: [Bool]?
}

/// Reads a data set batch by batch in the memory of a batch; each thread has its own.
package struct DatasetReader: Sendable {
  /// The number of samples.
  package let count: Int
  private var samples: [SampleReader]
  private var labels: LabelReader?
  private var mask: SampleStream?

  init(count: Int, samples: [SampleReader], labels: LabelReader?, mask: SampleStream?) {
    self.count = count
    self.samples = samples
    self.labels = labels
    self.mask = mask
  }

  /// Reads samples, in any order of ranges; ascending ones are fastest.
  ///
  /// - Parameter range: Samples of the data set, within `0..<count`.
  /// - Returns: Their values, labels and mask.
  /// - Throws: ``CheckpointError`` where the file can't be read or a value makes no sense.
  package mutating func read(_ range: Range<Int>) throws(CheckpointError) -> Batch {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    var inputs: [[Float]] = []
    for place in samples.indices { inputs.append(try samples[place].read(range)) }
    return Batch(
      samples: range, inputs: inputs, labels: try labels?.read(range), mask: try readMask(range))
  }

  private mutating func readMask(_ range: Range<Int>) throws(CheckpointError) -> [Bool]? {
    guard mask != nil, !range.isEmpty else { return mask == nil ? nil : [] }
    try mask?.load(range)
    var values: [Double] = []
    if let mask {
      mask.decode(
        range.lowerBound * mask.sampleSize, count: range.count * mask.sampleSize, into: &values)
    }
    return values.map { $0 != 0 }
  }
}
