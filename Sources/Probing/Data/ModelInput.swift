import Checkpoints
internal import Reporting

/// What a network takes at one of its inputs.
package struct ModelInput: Hashable, Sendable {
  /// Where the channels of a sample stand among its axes.
  package enum AxisOrder: String, Hashable, Sendable {
    /// Behind all other axes: HWC.
    case channelsLast
    /// Before all other axes: CHW.
    case channelsFirst
  }

  /// The input layer's name.
  package let name: String
  /// The shape of a sample, without the batch axis; nil for an axis of any length.
  package let shape: [Int?]
  /// Where the network has the channels.
  package let order: AxisOrder

  /// An input of a network.
  package init(name: String, shape: [Int?], order: AxisOrder = .channelsLast) {
    self.name = name
    self.shape = shape
    self.order = order
  }

  /// Whether samples of a shape can enter.
  func takes(_ sample: [Int]) -> Bool {
    sample.count == shape.count && zip(sample, shape).allSatisfy { $1 == nil || $0 == $1 }
  }

  /// The shape as people write it, free axes as `?`.
  var shapeWords: String {
    shape.isEmpty ? "scalar" : shape.map { $0.map(String.init) ?? "?" }.joined(separator: "x")
  }
}

/// How the samples of a data set become what a network takes: the same numbers, moved.
struct InputFit: Hashable, Sendable {
  /// The shape of a sample as the network sees it.
  let shape: [Int]
  /// Whether the channels move from one end of the axes to the other.
  let moves: Move?
  /// What was done that a person should know; nil where the shapes are the same.
  let note: String?

  /// Which way channels move.
  enum Move: Hashable, Sendable {
    case toLast
    case toFirst
  }

  /// Fits samples to an input.
  ///
  /// - Parameters:
  ///   - sample: The shape of a sample in the file.
  ///   - stated: Where the file says that its channels stand; nil where it doesn't say.
  ///   - input: The network's input.
  ///   - name: The data set's name, for messages.
  ///   - file: The file's name, for messages.
  /// - Throws: ``CheckpointError`` that shows both shapes.
  init(
    _ sample: [Int], stated: ModelInput.AxisOrder?, to input: ModelInput, name: TensorName,
    file: String
  ) throws(CheckpointError) {
    var shape = sample
    var moves: Move?
    var note: String?
    if let stated, stated != input.order, sample.count >= 2 {
      moves = stated == .channelsFirst ? .toLast : .toFirst
      shape = InputFit.moved(sample, stated == .channelsFirst ? .toLast : .toFirst)
      note =
        "\(name): samples of \(shapeText(sample)) are transposed to \(shapeText(shape)), as the "
        + "attribute layout says"
    }
    if !input.takes(shape) {
      guard let other = InputFit.withoutOrWithChannel(shape, for: input) else {
        throw CheckpointError(
          .unusable, file: file, subject: "tensor \(name)",
          fact: "has samples of shape \(shapeText(shape)), but the model's input \(input.name) "
            + "takes \(input.shapeWords)",
          remedy: InputFit.hint(shape, for: input))
      }
      let deed =
        other.count > shape.count ? "a channel axis of 1 is added" : "the axis of 1 is dropped"
      note = "\(name): \(deed): \(shapeText(shape)) becomes \(shapeText(other))"
      shape = other
    }
    self.shape = shape
    self.moves = moves
    self.note = note
  }

  /// A shape with its channels at the other end.
  static func moved(_ shape: [Int], _ move: Move) -> [Int] {
    switch move {
    case .toLast: Array(shape.dropFirst()) + shape.prefix(1)
    case .toFirst: shape.suffix(1) + shape.dropLast()
    }
  }

  /// The shape with an axis of 1 more or less where channels stand, if the input takes that; such an
  /// axis moves no value.
  private static func withoutOrWithChannel(_ shape: [Int], for input: ModelInput) -> [Int]? {
    let isLast = input.order == .channelsLast
    if input.shape.count == shape.count + 1, (isLast ? input.shape.last : input.shape.first) == 1 {
      let more = isLast ? shape + [1] : [1] + shape
      if input.takes(more) { return more }
    }
    if shape.count == input.shape.count + 1, (isLast ? shape.last : shape.first) == 1 {
      let less = Array(isLast ? shape.dropLast() : shape.dropFirst())
      if input.takes(less) { return less }
    }
    return nil
  }

  /// What probably has to be done to the file.
  private static func hint(_ shape: [Int], for input: ModelInput) -> String {
    let fixed = input.shape.compactMap(\.self)
    let isFixed = fixed.count == input.shape.count
    if input.shape.count == 1, shape.count > 1, checkedProduct(shape) == fixed.first {
      return "flatten the samples: x.reshape(len(x), \(fixed[0]))"
    }
    if shape.count == 1, isFixed, checkedProduct(fixed) == shape[0] {
      let axes = fixed.map(String.init).joined(separator: ", ")
      return "the samples are flattened: x.reshape(len(x), \(axes))"
    }
    if shape.count >= 3, input.takes(moved(shape, .toLast)) {
      return "the channels seem to stand first: give x the attribute layout = \"NCHW\""
    }
    if shape.count >= 3, input.takes(moved(shape, .toFirst)) {
      return "the channels seem to stand last: give x the attribute layout = \"NHWC\""
    }
    return "probe with data of the model's own shape, or name another data set with --x-key"
  }
}
