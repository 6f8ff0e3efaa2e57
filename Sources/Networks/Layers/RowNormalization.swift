internal import CNetworks
internal import Checkpoints

/// Normalises groups of a sample's values, each group by itself: what layer, group, unit and RMS
/// normalisation share.
struct RowNormalization: LayerKernel {
  /// How a group is normalised.
  enum Kind: Sendable {
    /// `(x - mean) / sqrt(variance + epsilon)`.
    case moments
    /// `x / sqrt(variance + epsilon)`.
    case deviation
    /// `x / sqrt(mean of squares + epsilon)`.
    case magnitude
    /// `x / sqrt(max(sum of squares, epsilon))`.
    case unit
  }

  let kind: Kind
  let epsilon: Double
  /// Brings each group's values together; nil where they are.
  let transposition: Transposition?
  /// The shape of inputs and outputs.
  let shape: [Int]
  /// The values of a group.
  let width: Int
  /// The groups that have weights of their own: group r takes those of r modulo this.
  var cycle = 1
  /// The neighbours in a group that share a weight.
  var sharing = 1
  var hasScale = false
  var hasCenter = false

  /// Gives each value of a cycle its weight.
  func pack(_ parameters: [FloatArray]) throws(CheckpointError) -> [FloatArray] {
    parameters.map { parameter in
      let all = FloatArray([cycle * width])
      for place in 0..<all.count {
        unsafe all.pointer[place] = parameter.pointer[place / sharing]
      }
      return all
    }
  }

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    let input = transposition.map { $0(inputs[0].array) } ?? inputs[0].array
    let result = FloatArray(input.shape)
    let (gamma, beta) = (hasScale ? weights[0] : nil, hasCenter ? weights[hasScale ? 1 : 0] : nil)
    guard result.count > 0 else { return [Feature(result.reshaped(shape))] }
    Threads.forEachRange(of: result.count / width, grain: max(1, (1 << 13) / width)) { rows in
      for row in rows {
        let place = row % cycle * width
        unsafe ctl_normalize(
          kind.code, input.pointer + row * width,
          gamma.map { unsafe UnsafePointer($0.pointer + place) },
          beta.map { unsafe UnsafePointer($0.pointer + place) }, epsilon,
          result.pointer + row * width, width)
      }
    }
    return [Feature(transposition.map { $0.inverse(result) } ?? result.reshaped(shape))]
  }
}

extension RowNormalization.Kind {
  fileprivate var code: ctl_normalization {
    switch self {
    case .moments: ctl_by_moments
    case .deviation: ctl_by_deviation
    case .magnitude: ctl_by_magnitude
    case .unit: ctl_to_unit
    }
  }
}
