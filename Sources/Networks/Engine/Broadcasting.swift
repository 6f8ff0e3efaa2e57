internal import CNetworks

/// What becomes of two arrays whose shapes are broadcast as NumPy does: aligned at their last axes, an
/// axis of 1 standing for any length.
struct Broadcasting: Sendable {
  /// The result's shape.
  let outputShape: [Int]
  /// The result's axes, neighbours that both arrays run through alike as one.
  private var sizes: [Int] = []
  private var firstSteps: [Int] = []
  private var secondSteps: [Int] = []

  /// Nil where the shapes don't fit.
  init?(_ first: [Int], _ second: [Int]) {
    let rank = max(first.count, second.count)
    let a = [Int](repeating: 1, count: rank - first.count) + first
    let b = [Int](repeating: 1, count: rank - second.count) + second
    guard zip(a, b).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) else { return nil }
    let output = zip(a, b).map { $0 == 1 ? $1 : $0 }
    outputShape = output
    var steps = (1, 1)
    for axis in output.indices.reversed() {
      let here = (a[axis] == 1 ? 0 : steps.0, b[axis] == 1 ? 0 : steps.1)
      steps = (steps.0 * a[axis], steps.1 * b[axis])
      if output[axis] == 1 { continue }
      if let size = sizes.last, here.0 == firstSteps[firstSteps.count - 1] * size,
        here.1 == secondSteps[secondSteps.count - 1] * size
      {
        sizes[sizes.count - 1] = size * output[axis]
      } else {
        sizes.append(output[axis])
        firstSteps.append(here.0)
        secondSteps.append(here.1)
      }
    }
    if sizes.isEmpty { (sizes, firstSteps, secondSteps) = ([1], [1], [1]) }
  }

  /// Combines two arrays of these shapes.
  func callAsFunction(
    _ combination: Combination, _ first: FloatArray, _ second: FloatArray
  ) -> FloatArray {
    let result = FloatArray(outputShape)
    // The innermost axis stands first.
    let width = sizes[0]
    guard result.count > 0 else { return result }
    // A long row is cut, so that one array of one row is work for every thread too.
    let piece = max(1, min(width, 1 << 14))
    let pieces = (width + piece - 1) / piece
    let rows = result.count / width
    Threads.forEachRange(of: rows * pieces, grain: max(1, (1 << 14) / piece)) { range in
      for number in range {
        let (row, start) = (number / pieces, number % pieces * piece)
        var rest = row
        var (a, b) = (start * firstSteps[0], start * secondSteps[0])
        for axis in sizes.indices.dropFirst() {
          a += rest % sizes[axis] * firstSteps[axis]
          b += rest % sizes[axis] * secondSteps[axis]
          rest /= sizes[axis]
        }
        unsafe ctl_pairwise(
          combination.code, first.pointer + a, firstSteps[0], second.pointer + b, secondSteps[0],
          result.pointer + row * width + start, min(piece, width - start))
      }
    }
    return result
  }
}

/// What becomes of two values.
enum Combination: Hashable, Sendable {
  case add, subtract, multiply, divide, maximum, minimum, power
  /// `a > 0 ? a : a b`.
  case leak
  /// 1 where it holds, else 0; `both` and `either` take anything but 0 as true.
  case equal, differ, both, either

  fileprivate var code: ctl_combination {
    switch self {
    case .add: ctl_add
    case .subtract: ctl_subtract
    case .multiply: ctl_multiply
    case .divide: ctl_divide
    case .maximum: ctl_maximum
    case .minimum: ctl_minimum
    case .power: ctl_power
    case .leak: ctl_leak
    case .equal: ctl_equal
    case .differ: ctl_differ
    case .both: ctl_both
    case .either: ctl_either
    }
  }
}
