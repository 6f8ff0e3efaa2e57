import ArgumentParser
import Checkpoints

/// The values of a parameter: one number, a list `0,0.5,1`, or a range `first:last:step`.
struct Sweep: ExpressibleByArgument {
  let values: [Double]

  /// As many outputs as one command may write.
  private static let most = 200

  init?(argument: String) {
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

  /// The name of each value's output: `placeholder` in `pattern` becomes the value.
  ///
  /// - Throws: ``CheckpointError`` of kind `usage` where several values would share a name.
  func outputs(_ pattern: String, placeholder: String) throws(CheckpointError) -> [String] {
    guard pattern.contains(placeholder) else {
      if values.count == 1 { return [pattern] }
      throw CheckpointError(
        .usage, subject: "-o \(pattern)", fact: "names one file for \(values.count) outputs",
        remedy: "put \(placeholder) where the value shall stand, as in merge-\(placeholder).h5")
    }
    let names = values.map { value in
      let isWhole = value.rounded() == value && value.magnitude < 1e15
      let text = isWhole ? "\(Int(value))" : "\(value)"
      return pattern.replacing(placeholder, with: text)
    }
    guard Set(names).count == names.count else {
      throw CheckpointError(.usage, subject: placeholder, fact: "has the same value twice")
    }
    return names
  }
}
