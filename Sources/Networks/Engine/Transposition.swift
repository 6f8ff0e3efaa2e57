/// A fixed reordering of the axes of arrays of one shape.
struct Transposition: Sendable {
  /// The shape of the result.
  let outputShape: [Int]
  private let inputShape: [Int]
  private let order: [Int]
  private let sourceStrides: [Int]

  /// `result.shape[i] = shape[order[i]]`, as `numpy.transpose`.
  init(_ shape: [Int], order: [Int]) {
    inputShape = shape
    self.order = order
    outputShape = order.map { shape[$0] }
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    sourceStrides = order.map { strides[$0] }
  }

  /// The reordering that undoes this one.
  var inverse: Transposition {
    var back = order
    for (place, axis) in order.enumerated() { back[axis] = place }
    return Transposition(outputShape, order: back)
  }

  /// Reorders an array.
  func callAsFunction(_ array: FloatArray) -> FloatArray {
    let result = FloatArray(outputShape)
    guard result.count > 0, let width = outputShape.last, let step = sourceStrides.last else {
      return result
    }
    let rows = result.count / width
    Threads.forEachRange(of: rows, grain: max(1, 4096 / width)) { range in
      for row in range {
        var rest = row
        var source = 0
        for axis in outputShape.indices.dropLast().reversed() {
          source += rest % outputShape[axis] * sourceStrides[axis]
          rest /= outputShape[axis]
        }
        let target = unsafe result.target(row * width..<(row + 1) * width)
        for place in 0..<width {
          unsafe target[place] = array.pointer[source + place * step]
        }
      }
    }
    return result
  }
}

extension FloatArray {
  /// Values of shape (outer, channels, inner) with the channels last.
  package func channelsLast(_ outer: Int, _ channels: Int, _ inner: Int) -> FloatArray {
    Transposition([outer, channels, inner], order: [0, 2, 1])(reshaped([outer, channels, inner]))
  }
}
