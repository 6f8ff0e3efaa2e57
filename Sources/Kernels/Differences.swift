internal import CKernels

/// How much two tensors of the same shape differ; values are fed in order, tile by tile.
///
/// The results don't depend on how the streams are cut into tiles. NaN equals NaN and an infinity
/// equals itself at the same place. Where one value of an unequal pair isn't finite, their
/// distances are infinite, and the pair takes no part in `rootMeanSquare` and `cosine`.
package struct Differences {
  private let tolerance: Double
  private var cursor = LaneCursor()
  private var lanes = ctl_differences()

  /// No differences yet.
  ///
  /// - Parameter tolerance: The greatest |a - b| of a pair that isn't counted.
  package init(tolerance: Double = 0) {
    self.tolerance = tolerance
  }

  /// Takes the next pairs of values.
  package mutating func add(_ a: Span<Double>, _ b: Span<Double>) {
    precondition(a.count == b.count)
    var cursor = self.cursor
    cursor.advance(by: a.count) { elements, used in
      if used.count == 8 {
        addGroups(a.extracting(elements), b.extracting(elements))
      } else {
        // Lanes without an element hold NaN twice: equal, and not counted as comparable.
        let (x, y) = (paddedGroup(a, elements, used), paddedGroup(b, elements, used))
        addGroups(x.span, y.span)
      }
    }
    self.cursor = cursor
  }

  private mutating func addGroups(_ a: Span<Double>, _ b: Span<Double>) {
    precondition(a.count == b.count)
    // Safe: the kernel reads whole groups of eight.
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe ctl_differences_add(a.baseAddress, b.baseAddress, a.count / 8, tolerance, &lanes)
      }
    }
  }

  /// The number of pairs.
  package var count: Int { cursor.position }
  /// The number of pairs that differ by more than the tolerance.
  package var differingCount: Int { Int(LaneCounts(lanes.differing).wrappedSum()) }
  /// max |a - b|.
  package var maximumAbsolute: Double { LaneValues(lanes.greatest_distance).max() }
  /// max |a - b| / max(|a|, |b|); 0 for two zeros.
  package var maximumRelative: Double { LaneValues(lanes.greatest_ratio).max() }

  /// The root of the mean of (a - b)² over the finite pairs; 0 where there is none.
  package var rootMeanSquare: Double {
    let n = LaneCounts(lanes.comparable).wrappedSum()
    return n == 0 ? 0 : (lanes.squared_distances.total / Double(n)).squareRoot()
  }

  /// Σab / (|a| |b|) over the finite pairs; nil where a norm is zero or overflows.
  package var cosine: Double? {
    let (squareA, squareB) = (lanes.squares_of_a.total, lanes.squares_of_b.total)
    // One root makes equal tensors' cosine exactly 1; two are for squares whose product overflows.
    let product = squareA * squareB
    let norms =
      product.isNormal ? product.squareRoot() : squareA.squareRoot() * squareB.squareRoot()
    guard norms > 0, norms.isFinite else { return nil }
    return Swift.min(1, Swift.max(-1, lanes.products.total / norms))
  }
}
