internal import CNetworks

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Keras's activations of one value that oneDNN doesn't have; formulas as in Keras 3's documentation.
enum ScalarFunction: Hashable, Sendable {
  /// `x >= threshold ? min(x, maximum) : slope (x - threshold)`.
  case relu(maximum: Float, slope: Float, threshold: Float)
  /// `scale (x > 0 ? x : alpha (e^x - 1))`.
  case selu
  /// `x / (1 + |x|)`.
  case softsign
  /// `clip(x / 6 + 1/2, 0, 1)`.
  case hardSigmoid
  /// Keras 1 and 2: `clip(x / 5 + 1/2, 0, 1)`.
  case oldHardSigmoid
  /// `clip(x, -1, 1)`.
  case hardTanh
  /// `|x| > 1/2 ? x : 0`.
  case hardShrink
  /// `x` moved towards 0 by 1/2.
  case softShrink
  /// `x - tanh(x)`.
  case tanhShrink
  /// 0 below -1, `x` above 1, `(x + 1)^2 / 4` between.
  case sparsePlus
  /// 0 below -1, 1 above 1, `(x + 1) / 2` between.
  case sparseSigmoid
  /// `(x + sqrt(x^2 + 4)) / 2`.
  case squareplus

  func callAsFunction(_ x: Float) -> Float {
    switch self {
    case .relu(let maximum, let slope, let threshold):
      // In this order a NaN stays one, and an infinity below gives 0 where the slope is 0.
      x < threshold ? (slope == 0 ? 0 : slope * (x - threshold)) : x > maximum ? maximum : x
    case .selu: 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * expm1f(x))
    case .softsign: x / (1 + abs(x))
    case .hardSigmoid: clip(x / 6 + 0.5, 0, 1)
    case .oldHardSigmoid: clip(x * 0.2 + 0.5, 0, 1)
    case .hardTanh: clip(x, -1, 1)
    case .hardShrink: abs(x) > 0.5 ? x : 0
    case .softShrink: x > 0.5 ? x - 0.5 : x < -0.5 ? x + 0.5 : 0
    case .tanhShrink: x - tanhf(x)
    case .sparsePlus: x <= -1 ? 0 : x >= 1 ? x : (x + 1) * (x + 1) / 4
    case .sparseSigmoid: clip((x + 1) / 2, 0, 1)
    case .squareplus: (x + (x * x + 4).squareRoot()) / 2
    }
  }

  /// Applies it to each value.
  func apply(
    _ values: UnsafeBufferPointer<Float>, to result: UnsafeMutableBufferPointer<Float>
  ) {
    if case .relu(let maximum, let slope, let threshold) = self {
      unsafe ctl_relu(
        values.baseAddress, maximum, slope, threshold, result.baseAddress, values.count)
      return
    }
    for place in values.indices { unsafe result[place] = self(values[place]) }
  }

  private func clip(_ x: Float, _ least: Float, _ greatest: Float) -> Float {
    // In this order a NaN stays one.
    x < least ? least : x > greatest ? greatest : x
  }
}

/// Keras's activations of the values along the last axis.
enum RowFunction: Hashable, Sendable {
  /// `e^(x_i - max) / Σ e^(x_j - max)`.
  case softmax
  /// `x_i - max - log Σ e^(x_j - max)`.
  case logSoftmax
  /// A sparse distribution after Martins and Astudillo (2016).
  ///
  /// The threshold is Keras's own: it adds up the cumulative sums of all that is kept, where the paper
  /// takes the last of them. A model was trained with what Keras computes.
  case sparsemax
  /// The first half times the sigmoid of the second.
  case glu

  /// Applies it to one row.
  func apply(
    _ values: UnsafeBufferPointer<Float>, to result: UnsafeMutableBufferPointer<Float>
  ) {
    switch self {
    case .softmax: unsafe softmax(values, result)
    case .logSoftmax:
      let greatest = unsafe values.max() ?? 0
      var sum: Float = 0
      for place in values.indices { unsafe sum += expf(values[place] - greatest) }
      let logarithm = logf(sum)
      for place in values.indices {
        unsafe result[place] = values[place] - greatest - logarithm
      }
    case .sparsemax: unsafe sparsemax(values, result)
    case .glu:
      let half = values.count / 2
      for place in 0..<half {
        unsafe result[place] = values[place] / (1 + expf(-values[half + place]))
      }
    }
  }

  private func softmax(
    _ values: UnsafeBufferPointer<Float>, _ result: UnsafeMutableBufferPointer<Float>
  ) {
    let greatest = unsafe values.max() ?? 0
    var sum: Float = 0
    for place in values.indices {
      let power = unsafe expf(values[place] - greatest)
      unsafe result[place] = power
      sum += power
    }
    for place in values.indices { unsafe result[place] /= sum }
  }

  private func sparsemax(
    _ values: UnsafeBufferPointer<Float>, _ result: UnsafeMutableBufferPointer<Float>
  ) {
    let sorted = unsafe values.sorted(by: >)
    var sum: Float = 0
    var sums: Float = 0
    var kept: Float = 0
    for (place, value) in sorted.enumerated() {
      sum += value
      guard value - (sum - 1) / Float(place + 1) > 0 else { continue }
      sums += sum
      kept += 1
    }
    let threshold = (sums - 1) / kept
    for place in values.indices {
      unsafe result[place] = Swift.max(0, values[place] - threshold)
    }
  }
}
