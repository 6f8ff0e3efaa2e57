import Checkpoints
import Terminal

extension Sweep {
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
