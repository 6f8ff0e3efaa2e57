/// How each position along one axis of a resized array comes from positions of the original.
struct Interpolation: Sendable {
  /// A way to resize, by Keras's name.
  enum Method: String, Sendable, CaseIterable {
    case nearest, bilinear, bicubic, lanczos3, lanczos5
  }

  /// The original's length.
  let inputCount: Int
  /// For each position of the result, the first position that it comes from and the weights from there.
  let sources: [(first: Int, weights: [Float])]

  /// Every position repeated.
  init(repeating count: Int, times: Int) {
    inputCount = count
    sources = (0..<count * times).map { ($0 / times, [1]) }
  }

  /// A resized axis: positions are centres of cells, so cell i of n lies at (i + 1/2) / n.
  ///
  /// - Parameters:
  ///   - input: The original's length.
  ///   - output: The result's.
  ///   - method: How values between positions are found.
  ///   - widens: Whether a smaller result averages over all that it covers (antialiasing).
  init(from input: Int, to output: Int, method: Method, widens: Bool) {
    inputCount = input
    let scale = Double(input) / Double(output)
    sources = (0..<output).map { place in
      let center = (Double(place) + 0.5) * scale - 0.5
      guard let radius = method.radius else {
        return (
          min(input - 1, max(0, Int((Float(place) + 0.5) * Float(input) / Float(output)))), [1]
        )
      }
      let stretch = widens ? max(scale, 1) : 1
      let reach = radius * stretch
      let first = max(0, Int((center - reach).rounded(.up)))
      let last = min(input - 1, Int((center + reach).rounded(.down)))
      let weights = (first...max(first, last)).map {
        method.weight(abs(center - Double($0)) / stretch)
      }
      let sum = weights.reduce(0, +)
      // At an edge what lies outside is left out.
      return (first, weights.map { Float(sum == 0 ? 0 : $0 / sum) })
    }
  }

  /// Resizes an array along an axis.
  func callAsFunction(_ array: FloatArray, axis: Int) -> FloatArray {
    var shape = array.shape
    let inner = shape[(axis + 1)...].reduce(1, *)
    let outer = shape[..<axis].reduce(1, *)
    shape[axis] = sources.count
    let result = FloatArray(shape)
    Threads.forEachRange(
      of: outer * sources.count, grain: max(1, (1 << 13) / max(inner, 1))
    ) { rows in
      for row in rows {
        let (first, weights) = sources[row % sources.count]
        let start = (row / sources.count * inputCount + first) * inner
        let target = unsafe result.target(row * inner..<(row + 1) * inner)
        for (number, weight) in weights.enumerated() {
          let from = start + number * inner
          let values = unsafe array.values(from..<from + inner)
          for place in 0..<inner {
            let term = unsafe weight == 1 ? values[place] : weight * values[place]
            unsafe target[place] = number == 0 ? term : target[place] + term
          }
        }
      }
    }
    return result
  }
}

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

extension Interpolation.Method {
  /// How far a position reaches; nil for the nearest alone.
  fileprivate var radius: Double? {
    switch self {
    case .nearest: nil
    case .bilinear: 1
    case .bicubic: 2
    case .lanczos3: 3
    case .lanczos5: 5
    }
  }

  /// A position's weight at a distance.
  fileprivate func weight(_ distance: Double) -> Double {
    switch self {
    case .nearest: 1
    case .bilinear: max(0, 1 - distance)
    case .bicubic: cubic(distance)
    case .lanczos3: lanczos(distance, 3)
    case .lanczos5: lanczos(distance, 5)
    }
  }

  /// Keys's cubic with a = -1/2 (Keys 1981).
  private func cubic(_ x: Double) -> Double {
    if x >= 2 { return 0 }
    return x >= 1 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : (1.5 * x - 2.5) * x * x + 1
  }

  private func lanczos(_ x: Double, _ radius: Double) -> Double {
    if x >= radius { return 0 }
    if x <= 1e-3 { return 1 }
    return radius * sin(.pi * x) * sin(.pi * x / radius) / (.pi * .pi * x * x)
  }
}
