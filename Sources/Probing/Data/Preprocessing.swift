import Checkpoints

/// What the attributes of a data set file say about its samples.
///
/// A value v of channel c becomes `(v * scale - mean[c]) / std[c]`; what isn't given isn't applied.
/// Attributes of the data set itself come before those of the root.
struct Preprocessing: Hashable, Sendable {
  /// What values are multiplied with first.
  let scale: Double
  /// What is then subtracted: one number, or one a channel.
  let mean: [Double]
  /// What is then divided by: one number, or one a channel.
  let deviation: [Double]
  /// Where the channels stand in the file; nil where the file doesn't say.
  let order: ModelInput.AxisOrder?
  /// What is applied, in words; empty where nothing is.
  let summary: String

  /// Reads the attributes.
  ///
  /// - Parameters:
  ///   - tensor: The data set of samples.
  ///   - checkpoint: Its file.
  /// - Throws: ``CheckpointError`` where an attribute makes no sense.
  init(of tensor: Tensor, in checkpoint: Checkpoint) throws(CheckpointError) {
    let source = AttributeSource(tensor: tensor, checkpoint: checkpoint)
    let order = try source.order()
    let scales = try source.numbers("scale")
    let mean = try source.numbers("mean")
    let deviation = try source.numbers("std")
    let sample = tensor.shape.dropFirst()
    let channels = (order == .channelsFirst ? sample.first : sample.last) ?? 1
    if let scales, scales.count != 1 {
      throw source.fault("scale", "has \(scales.count) numbers", "give one number")
    }
    for (name, values) in [("mean", mean), ("std", deviation)] {
      guard let values, values.count != 1, values.count != channels else { continue }
      throw source.fault(
        name, "has \(values.count) numbers, but samples have \(channels) channels",
        "give one number, or one for each channel")
    }
    if let deviation, deviation.contains(0) {
      throw source.fault("std", "is zero", "values are divided by it")
    }
    self.scale = scales?[0] ?? 1
    self.mean = mean ?? [0]
    self.deviation = deviation ?? [1]
    self.order = order
    let parts = [
      scales.map { "multiplied by \($0[0])" },
      mean.map { "less the mean \(Preprocessing.words($0))" },
      deviation.map { "divided by the standard deviation \(Preprocessing.words($0))" },
    ]
    summary = parts.compactMap(\.self).joined(separator: ", ")
  }

  /// Whether values change.
  var isNeeded: Bool { !summary.isEmpty }

  /// Applies it to decoded values in the file's order of axes.
  ///
  /// - Parameters:
  ///   - values: The values.
  ///   - start: The position of the first of them within its sample.
  ///   - sample: The shape of a sample in the file.
  func apply(to values: inout [Double], from start: Int, sample: [Int]) {
    let channels = (order == .channelsFirst ? sample.first : sample.last) ?? 1
    let size = max(1, sample.reduce(1, *))
    let inner = order == .channelsFirst ? max(1, size / max(1, channels)) : 1
    let means = mean.count == 1 ? [Double](repeating: mean[0], count: channels) : mean
    let divisors =
      deviation.count == 1 ? [Double](repeating: deviation[0], count: channels) : deviation
    for place in values.indices {
      let channel = (start + place) % size / inner % max(1, channels)
      values[place] = (values[place] * scale - means[channel]) / divisors[channel]
    }
  }

  private static func words(_ values: [Double]) -> String {
    values.count > 4
      ? "of \(values.count) channels" : values.map { "\($0)" }.joined(separator: ", ")
  }
}

/// Looks for an attribute at the data set, then at the root.
struct AttributeSource {
  let tensor: Tensor
  let checkpoint: Checkpoint

  /// The text of an attribute.
  func text(_ name: String) -> String? {
    tensor.attribute(name) ?? checkpoint.attribute(name)
  }

  /// The finite numbers of an attribute; nil where there is none.
  func numbers(_ name: String) throws(CheckpointError) -> [Double]? {
    guard let text = text(name) else { return nil }
    var values: [Double] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let value = Double(part.drop { $0 == " " }), value.isFinite else {
        throw fault(name, "is '\(text.prefix(60))'", "give finite numbers")
      }
      values.append(value)
    }
    return values
  }

  /// Where the channels stand.
  func order() throws(CheckpointError) -> ModelInput.AxisOrder? {
    guard let text = text("layout") else { return nil }
    switch text.uppercased() {
    case "NHWC", "NWC", "NDHWC", "CHANNELS_LAST": return .channelsLast
    case "NCHW", "NCW", "NCDHW", "CHANNELS_FIRST": return .channelsFirst
    default: throw fault("layout", "is '\(text.prefix(60))'", "known are NHWC and NCHW")
    }
  }

  /// An error about an attribute.
  func fault(_ name: String, _ fact: String, _ remedy: String) -> CheckpointError {
    CheckpointError(
      .unusable, file: checkpoint.file.name, subject: "tensor \(tensor.name): attribute \(name)",
      fact: fact, remedy: remedy)
  }
}
