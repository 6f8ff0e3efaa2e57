internal import CKernels

/// The inner products of K vectors with one another, with twice the working precision.
///
///     G_ij = Σ_e x_i[e] x_j[e]
///
/// Products are split into a number and its error by a fused multiply-add (TwoProduct), and added up
/// with the errors of the additions (Ogita, Rump and Oishi, "Accurate sum and dot product" (2005),
/// algorithm Dot2) in eight lanes, element e in lane e mod 8. So
///
///     |G_ij - Σ x_i x_j| <= u |Σ x_i x_j| + n² u² Σ |x_i x_j|      (u = 2^-53, about)
///
/// provided that no product is below 2^-969, where its error is no longer a number; and the bits
/// depend on the vectors alone, not on how they are cut into tiles, nor on the processor. Where
/// stretches are taken apart and merged, they depend on where they were cut, too.
package struct GramMatrix: Sendable {
  /// The number of vectors, K.
  package let count: Int
  /// The lower triangle, row by row.
  private var products: [ctl_lane_sum]
  /// The number of elements of each vector so far.
  package private(set) var elementCount = 0

  /// The matrix of `count` vectors without elements.
  package init(count: Int) {
    self.count = count
    products = [ctl_lane_sum](repeating: ctl_lane_sum(), count: count * (count + 1) / 2)
  }

  /// The matrix of inner products that were added up elsewhere: each a number and the rest that it
  /// lacks, the lower triangle row by row.
  package init(count: Int, products: [(value: Double, error: Double)]) {
    precondition(products.count == count * (count + 1) / 2)
    self.init(count: count)
    for (place, product) in products.enumerated() {
      self.products[place].sums.0 = product.value
      self.products[place].errors.0 = product.error
    }
  }

  /// Forgets all elements, so that one matrix serves row after row.
  package mutating func reset() {
    for k in products.indices { products[k] = ctl_lane_sum() }
    elementCount = 0
  }

  /// Takes the next `count` elements of each vector; those of vector i begin at i * `stride`.
  package mutating func add(tile values: Span<Double>, stride: Int, count length: Int) {
    precondition(length >= 0 && stride >= 0 && (count - 1) * stride + length <= values.count)
    let position = elementCount
    unsafe values.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      var k = 0
      for i in 0..<count {
        for j in 0...i {
          // Safe: every vector's elements lie in the span.
          unsafe ctl_compensated_dot(
            start + i * stride, start + j * stride, length, position, &products[k])
          k += 1
        }
      }
    }
    elementCount += length
  }

  /// Adds the products of the stretch that comes next.
  package mutating func add(_ other: GramMatrix) {
    precondition(count == other.count)
    for k in products.indices { products[k].add(other.products[k]) }
    elementCount += other.elementCount
  }

  /// The inner product of vectors i and j, rounded once.
  package subscript(i: Int, j: Int) -> Double { products[index(i, j)].total }

  /// The inner product of vectors i and j as an unevaluated sum of a number and a correction.
  package func parts(_ i: Int, _ j: Int) -> (value: Double, error: Double) {
    products[index(i, j)].parts
  }

  /// The inner product of vectors i and j in twice the working precision.
  ///
  /// For formulas that cancel, such as |x_i - x_j|² = G_ii - 2 G_ij + G_jj.
  package func wide(_ i: Int, _ j: Int) -> DoubleDouble {
    let (value, error) = parts(i, j)
    return DoubleDouble(value, error)
  }

  private func index(_ i: Int, _ j: Int) -> Int {
    let (row, column) = (max(i, j), min(i, j))
    precondition(column >= 0 && row < count)
    return row * (row + 1) / 2 + column
  }
}
