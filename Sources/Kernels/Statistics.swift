internal import CKernels

/// Statistics of a tensor's values, which are fed in order, tile by tile.
///
/// The results don't depend on how the stream is cut into tiles. NaN and infinities are counted and
/// left out of everything else. Squares of values beyond 1e154 overflow, so `l2` and
/// `standardDeviation` of such Float64 tensors are infinite.
package struct Statistics {
  private var cursor = LaneCursor()
  private var lanes = ctl_statistics()
  private var absentLanes = 0
  /// The first finite value.
  ///
  /// Sums are taken of differences to it, as sums of squares lose their meaning where the mean is
  /// much larger than the deviation.
  private var shift: Double?

  /// Statistics of no values yet.
  package init() {
    let infinity = Double.infinity
    lanes.least = (
      infinity, infinity, infinity, infinity, infinity, infinity, infinity, infinity
    )
    lanes.greatest = (
      -infinity, -infinity, -infinity, -infinity, -infinity, -infinity, -infinity, -infinity
    )
  }

  /// Takes the next values of the stream.
  package mutating func add(_ values: Span<Double>) {
    if shift == nil {
      for i in values.indices where values[i].isFinite {
        shift = values[i]
        break
      }
    }
    var cursor = self.cursor
    cursor.advance(by: values.count) { elements, used in
      if used.count == 8 {
        addGroups(values.extracting(elements))
      } else {
        absentLanes &+= 8 &- used.count
        let group = paddedGroup(values, elements, used)
        addGroups(group.span)
      }
    }
    self.cursor = cursor
  }

  private mutating func addGroups(_ values: Span<Double>) {
    let shift = shift ?? 0
    // Safe: the kernel reads whole groups of eight.
    unsafe values.withUnsafeBufferPointer {
      unsafe ctl_statistics_add($0.baseAddress, $0.count / 8, shift, &lanes)
    }
  }

  /// The number of values.
  package var count: Int { cursor.position }
  /// The number of NaN.
  package var nanCount: Int { Int(LaneCounts(lanes.nans).wrappedSum()) - absentLanes }
  /// The number of infinities of either sign.
  package var infiniteCount: Int { count - finiteCount - nanCount }
  /// The number of zeros of either sign.
  package var zeroCount: Int { Int(LaneCounts(lanes.zeros).wrappedSum()) }
  /// The number of finite values.
  package var finiteCount: Int { Int(LaneCounts(lanes.finite).wrappedSum()) }

  /// The least finite value; nil where there is none.
  package var minimum: Double? { finiteCount == 0 ? nil : LaneValues(lanes.least).min() }
  /// The greatest finite value; nil where there is none.
  package var maximum: Double? { finiteCount == 0 ? nil : LaneValues(lanes.greatest).max() }

  /// The mean of the finite values; nil where there is none.
  package var mean: Double? {
    guard let shift else { return nil }
    return shift + lanes.differences.total / Double(finiteCount)
  }

  /// The standard deviation of the finite values as a population (divisor n); nil without any.
  package var standardDeviation: Double? {
    guard shift != nil else { return nil }
    let n = Double(finiteCount)
    let sum = lanes.differences.total
    let variance = (lanes.squared_differences.total - sum * (sum / n)) / n
    return variance > 0 ? variance.squareRoot() : 0
  }

  /// The Euclidean norm of the finite values.
  package var norm: Double { lanes.squares.total.squareRoot() }
}
