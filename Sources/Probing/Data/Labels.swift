import Checkpoints

/// What is known of each sample: its class, or values that a model should tell.
package enum Labels: Hashable, Sendable {
  /// The number of each sample's class.
  case classes([Int])
  /// `width` values for each sample, in C order.
  case targets([Float], width: Int)

  /// What a data set's labels are.
  package enum Kind: Hashable, Sendable {
    /// Class numbers, and how many classes there are, where the file tells.
    case classes(count: Int?)
    /// Values of a shape for each sample.
    case targets(shape: [Int])
  }
}

/// Reads labels: class numbers, one-hot rows, or values.
struct LabelReader {
  /// How the file writes labels.
  private enum Form {
    case numbers
    case oneHot
    case values
  }

  /// As many samples are looked at to tell how labels are written.
  private static let glance = 1024

  let kind: Labels.Kind
  /// What was found that a person should know.
  let notes: [String]
  private let form: Form
  private let classCount: Int?
  private var stream: SampleStream
  private var values: [Double] = []

  /// Looks at the first labels to tell how they are written.
  ///
  /// - Parameters:
  ///   - tensor: The labels; the first axis counts samples.
  ///   - checkpoint: The file.
  ///   - classes: The number of classes that the model tells apart, where it is known.
  /// - Throws: ``CheckpointError`` where they are no labels, or can't be read.
  init(_ tensor: Tensor, in checkpoint: Checkpoint, classes: Int?) throws(CheckpointError) {
    var stream = SampleStream(tensor, in: checkpoint)
    let glance = 0..<min(Self.glance, tensor.shape[0])
    try stream.load(glance)
    var first: [Double] = []
    stream.decode(0, count: glance.count * stream.sampleSize, into: &first)

    let width = stream.sampleSize
    let isFloat = tensor.elementType.isFloatingPoint
    var notes: [String] = []
    if width == 1, !isFloat || first.allSatisfy({ $0 >= 0 && $0 == $0.rounded() }) {
      form = .numbers
      if isFloat { notes.append("labels: \(tensor.name) holds whole numbers: taken as classes") }
    } else if width > 1, tensor.shape.count == 2, Self.areOneHot(first, width) {
      form = .oneHot
    } else if isFloat {
      form = .values
    } else {
      throw .unusable(
        checkpoint.file.name, tensor: tensor.name,
        "of shape \(shapeText(tensor.shape)) holds neither a class number for each sample nor "
          + "one-hot rows",
        remedy: "name other labels with --y-key, or leave them out with --y-key none")
    }
    let source = AttributeSource(tensor: tensor, checkpoint: checkpoint)
    var stated: Int?
    if form != .values, let numbers = try source.numbers("num_classes") {
      guard numbers.count == 1, let count = Int(exactly: numbers[0]), count > 0 else {
        throw source.fault("num_classes", "isn't a count", "give one whole number")
      }
      stated = count
    }
    switch form {
    case .numbers: kind = .classes(count: stated)
    case .oneHot: kind = .classes(count: width)
    case .values: kind = .targets(shape: Array(tensor.shape.dropFirst()))
    }
    classCount = [classes, stated].compactMap(\.self).min()
    self.stream = stream
    self.notes = notes
  }

  /// The labels of some samples.
  ///
  /// - Throws: ``CheckpointError`` where one isn't what the first ones are.
  mutating func read(_ samples: Range<Int>) throws(CheckpointError) -> Labels {
    let width = stream.sampleSize
    if samples.isEmpty { return form == .values ? .targets([], width: width) : .classes([]) }
    try stream.load(samples)
    stream.decode(
      samples.lowerBound * width, count: samples.count * width, into: &values)
    switch form {
    case .values: return .targets(values.map { Float($0) }, width: width)
    case .numbers:
      var classes: [Int] = []
      for (place, value) in values.enumerated() {
        classes.append(try classNumber(value, sample: samples.lowerBound + place))
      }
      return .classes(classes)
    case .oneHot:
      var classes: [Int] = []
      for place in 0..<samples.count {
        let row = values[place * width..<(place + 1) * width]
        guard let hot = Self.hot(row) else {
          throw fault(
            "isn't one-hot at sample \(samples.lowerBound + place), although the first ones are")
        }
        classes.append(try classNumber(Double(hot), sample: samples.lowerBound + place))
      }
      return .classes(classes)
    }
  }

  private func classNumber(_ value: Double, sample: Int) throws(CheckpointError) -> Int {
    guard let number = Int(exactly: value), number >= 0 else {
      throw fault("holds \(value) at sample \(sample), which is no class number")
    }
    if let classCount, number >= classCount {
      throw fault(
        "holds class \(number) at sample \(sample), but there are \(classCount) classes, 0 to "
          + "\(classCount - 1)")
    }
    return number
  }

  private func fault(_ fact: String) -> CheckpointError {
    .unusable(
      stream.checkpoint.file.name, tensor: stream.tensor.name, fact,
      remedy: "correct the labels, or leave them out with --y-key none")
  }

  private static func areOneHot(_ values: [Double], _ width: Int) -> Bool {
    stride(from: 0, to: values.count, by: width).allSatisfy {
      hot(values[$0..<$0 + width]) != nil
    }
  }

  /// The place of the only 1 among zeros, or nil.
  private static func hot(_ row: ArraySlice<Double>) -> Int? {
    guard let place = row.firstIndex(of: 1),
      row.indices.allSatisfy({ $0 == place || row[$0] == 0 })
    else { return nil }
    return place - row.startIndex
  }
}
