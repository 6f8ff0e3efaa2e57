internal import CMetrics

/// How far apart the weights of two models are in one layer, over all its tensors, in binary64.
package struct WeightGeometry: Sendable {
  private var parameters = 0
  private var squareOfA = CompensatedSum()
  private var squareOfB = CompensatedSum()
  private var product = CompensatedSum()
  private var squareOfDifference = CompensatedSum()
  /// |a - base|^2 and |b - base|^2, once there is a base.
  private var tasks: (a: CompensatedSum, b: CompensatedSum)?

  /// No tensors yet.
  package init() {}

  /// Takes a tensor of both models.
  package mutating func add(_ a: Span<Float>, _ b: Span<Float>) {
    precondition(a.count == b.count)
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe addTensor([a.baseAddress, b.baseAddress], count: a.count)
      }
    }
  }

  /// Takes a tensor of both models and of the base they were finetuned from; then every tensor has one.
  package mutating func add(_ a: Span<Float>, _ b: Span<Float>, base: Span<Float>) {
    precondition(a.count == b.count && a.count == base.count)
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe base.withUnsafeBufferPointer { base in
          unsafe addTensor([a.baseAddress, b.baseAddress, base.baseAddress], count: a.count)
        }
      }
    }
  }

  private mutating func addTensor(_ tensors: [UnsafePointer<Float>?], count: Int) {
    let hasBase = unsafe tensors.count == 3
    precondition(parameters == 0 || hasBase == (tasks != nil), "a base for some tensors only")
    guard count > 0 else { return }
    parameters += count
    var scratch = [Double](repeating: 0, count: 12), gram = [Double](repeating: 0, count: 9)
    let rows = unsafe tensors.count
    // Safe: the kernels read `count` values of each tensor and the terms of forms made here.
    unsafe tensors.withUnsafeBufferPointer { tensors in
      unsafe ctl_gram(
        tensors.baseAddress, rows, count, [ctl_tile(x: 0, y: 1, z: 1, is_triangle: true)], 1,
        &scratch, &gram)
    }
    squareOfA.add(gram[0])
    squareOfB.add(gram[rows + 1])
    product.add(gram[1])
    unsafe squareOfDifference.add(squaredDistance(tensors, 0, 1, count: count))
    guard hasBase else { return }
    var sums = tasks ?? (CompensatedSum(), CompensatedSum())
    unsafe sums.a.add(squaredDistance(tensors, 0, 2, count: count))
    unsafe sums.b.add(squaredDistance(tensors, 1, 2, count: count))
    tasks = sums
  }

  /// Value by value: close weights would cancel in products.
  private func squaredDistance(
    _ tensors: [UnsafePointer<Float>?], _ i: Int, _ j: Int, count: Int
  ) -> Double {
    let indices = [i, j], factors = [1.0, -1]
    return unsafe tensors.withUnsafeBufferPointer { tensors in
      unsafe indices.withUnsafeBufferPointer { indices in
        unsafe factors.withUnsafeBufferPointer { factors in
          unsafe ctl_form_square(
            tensors.baseAddress,
            ctl_form(indices: indices.baseAddress, factors: factors.baseAddress, count: 2), count)
        }
      }
    }
  }

  /// The figures: distance |a - b|, relative to sqrt(|a| |b|) (0 for two zeros), cosines (nil where a
  /// vector is zero); the cosine of task vectors by `(|a - p|^2 + |b - p|^2 - |a - b|^2) / 2`.
  package var weights: LinearityReport.Weights {
    let (a, b) = (squareOfA.value.squareRoot(), squareOfB.value.squareRoot())
    let distance = squareOfDifference.value.squareRoot()
    return LinearityReport.Weights(
      parameters: parameters, distance: distance,
      relativeDistance: distance == 0 ? 0 : distance / (a.squareRoot() * b.squareRoot()),
      cosine: a > 0 && b > 0 ? Self.cosine(product.value / (a * b)) : nil,
      taskVectorCosine: tasks.flatMap { tasks in
        let (a, b) = (tasks.a.value, tasks.b.value)
        guard a > 0 && b > 0 else { return nil }
        let product = (a + b - squareOfDifference.value) / 2
        return Self.cosine(product / (a.squareRoot() * b.squareRoot()))
      })
  }

  /// Without what rounding puts beyond 1.
  private static func cosine(_ value: Double) -> Double {
    value.isNaN ? value : min(1, max(-1, value))
  }
}
