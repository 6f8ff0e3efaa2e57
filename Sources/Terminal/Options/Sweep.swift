internal import ArgumentParser

/// The values of a parameter: one number, a list `0,0.5,1`, or a range `first:last:step`.
package struct Sweep: ExpressibleByArgument {
  /// The values, in the order in which they were given.
  package let values: [Double]

  /// As many values as one command may take.
  private static let most = 200

  /// Parses one of the three forms.
  package init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(Double.init)
    guard parts.count == 3 else {
      guard let list = NumberList(argument: argument), list.values.count <= Sweep.most else {
        return nil
      }
      values = list.values
      return
    }
    guard let first = parts[0], let last = parts[1], let step = parts[2], step != 0,
      (last - first) / step >= 0, (last - first) / step < Double(Sweep.most)
    else { return nil }
    // A last value that is missed by a rounding error belongs to the range.
    let count = Int(((last - first) / step + 1e-9).rounded(.down)) + 1
    values = (0..<count).map { Sweep.decimal(first + Double($0) * step) }
  }

  /// The number that a person means: 0.30000000000000004 is 0.3.
  private static func decimal(_ value: Double) -> Double {
    let scaled = (value * 1e12).rounded()
    return scaled.magnitude < 0x1p53 ? scaled / 1e12 : value
  }
}
