package import Checkpoints

/// Samples, and labels if there are any, in a file that was opened as a checkpoint.
///
/// The samples are a tensor `x` (N, …), or for a network with several inputs a group `x` with a tensor
/// for each input; labels are a tensor `y`; a tensor `mask` (N, T) tells which positions count. Other
/// names in common use are found and announced in ``notes``, as is all else that is done to values.
package struct Dataset: Sendable {
  /// What a person chose.
  package struct Options: Hashable, Sendable {
    /// The name of the samples, exactly; nil to look for one.
    package var xKey: String?
    /// The name of the labels, exactly, or `none`; nil to look for one.
    package var yKey: String?
    /// As many samples of the file at most, its first ones.
    package var limit: Int?
    /// The number of classes that the models tell apart; a greater label is an error.
    package var classCount: Int?

    /// Options.
    package init(
      xKey: String? = nil, yKey: String? = nil, limit: Int? = nil, classCount: Int? = nil
    ) {
      self.xKey = xKey
      self.yKey = yKey
      self.limit = limit
      self.classCount = classCount
    }
  }

  /// The open file.
  package let file: InputFile
  /// The number of samples.
  package let count: Int
  /// The shape of a sample at each input, in the network's order of inputs and axes.
  package let inputShapes: [[Int]]
  /// What the labels are; nil where there are none.
  package let labels: Labels.Kind?
  /// The positions of a sample that the mask tells about; nil where there is none.
  package let maskLength: Int?
  /// What a person should know: names that were guessed, values that are changed.
  package let notes: [String]

  private let readers: [SampleReader]
  private let labelReader: LabelReader?
  private let maskStream: SampleStream?

  /// Finds samples and labels and compares them with what a network takes.
  ///
  /// - Parameters:
  ///   - checkpoint: The file, surveyed.
  ///   - inputs: What the network takes, in its order.
  ///   - options: What a person chose.
  /// - Throws: ``CheckpointError`` where names aren't found, shapes don't fit or counts differ.
  package init(
    _ checkpoint: Checkpoint, inputs: [ModelInput], options: Options = Options()
  ) throws(CheckpointError) {
    let keys = try DatasetKeys(
      checkpoint, inputs: inputs, xKey: options.xKey, yKey: options.yKey)
    var notes = keys.notes
    var readers: [SampleReader] = []
    for (tensor, input) in zip(keys.samples, inputs) {
      try Dataset.checkNumbers(tensor, in: checkpoint)
      let preprocessing = try Preprocessing(of: tensor, in: checkpoint)
      let fit = try InputFit(
        Array(tensor.shape.dropFirst()), stated: preprocessing.order, to: input,
        name: tensor.name, file: checkpoint.file.name)
      if let note = fit.note { notes.append(note) }
      if preprocessing.isNeeded {
        notes.append("\(tensor.name): values are \(preprocessing.summary) (attributes)")
      } else if tensor.elementType == .uint8, tensor.shape.count > 2 {
        notes.append(
          "\(tensor.name): uint8 values go in as they are, 0 to 255; give it the attribute scale "
            + "where the model was trained on others")
      }
      readers.append(
        SampleReader(tensor, in: checkpoint, fit: fit, preprocessing: preprocessing))
    }
    let all = try Dataset.commonCount(keys, in: checkpoint)
    file = checkpoint.file
    count = min(all, options.limit ?? all)
    inputShapes = readers.map(\.fit.shape)
    self.readers = readers
    labelReader =
      if let labels = keys.labels {
        try LabelReader(labels, in: checkpoint, classes: options.classCount)
      } else { nil }
    labels = labelReader?.kind
    notes += labelReader?.notes ?? []
    maskStream = keys.mask.map { SampleStream($0, in: checkpoint) }
    maskLength = maskStream?.sampleSize
    self.notes = notes
  }

  /// A reader of the samples, for one thread.
  package func makeReader() -> DatasetReader {
    DatasetReader(count: count, samples: readers, labels: labelReader, mask: maskStream)
  }

  /// Throws where a tensor can't be read as real numbers, sample by sample.
  private static func checkNumbers(
    _ tensor: Tensor, in checkpoint: Checkpoint
  ) throws(CheckpointError) {
    let name = checkpoint.file.name
    if case .unsupported(let reason) = tensor.storage {
      throw .unusable(name, tensor: tensor.name, reason)
    }
    guard tensor.elementType.isFloatingPoint || tensor.elementType.isInteger else {
      throw .unusable(
        name, tensor: tensor.name, "holds \(tensor.elementType), not real numbers",
        remedy: "name other data with --x-key and --y-key")
    }
    guard let count = tensor.shape.first else {
      throw .unusable(
        name, tensor: tensor.name, "is a scalar; the first axis has to count samples",
        remedy: "name other data with --x-key and --y-key")
    }
    guard count > 0 else { throw .unusable(name, tensor: tensor.name, "has no samples") }
  }

  /// The number of samples, on which all tensors have to agree.
  private static func commonCount(
    _ keys: DatasetKeys, in checkpoint: Checkpoint
  ) throws(CheckpointError) -> Int {
    let others = [keys.labels, keys.mask].compactMap(\.self)
    for tensor in others { try checkNumbers(tensor, in: checkpoint) }
    let first = keys.samples[0]
    for tensor in keys.samples + others where tensor.shape[0] != first.shape[0] {
      throw .unusable(
        checkpoint.file.name, tensor: tensor.name,
        "has \(grouped(tensor.shape[0])) samples, but \(first.name) has "
          + "\(grouped(first.shape[0]))",
        remedy: "do they belong together? name them with --x-key and --y-key")
    }
    return first.shape[0]
  }
}
