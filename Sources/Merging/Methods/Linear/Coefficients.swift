import Checkpoints

/// Checks that there is one finite coefficient per source.
func checkCount(
  _ values: [Double], of option: String, against sourceCount: Int
) throws(CheckpointError) {
  guard values.count == sourceCount else {
    throw CheckpointError(
      .usage, subject: option, fact: "has \(values.count) numbers for \(sourceCount) sources",
      remedy: "give one number per source, separated by commas")
  }
  if let odd = values.first(where: { !$0.isFinite }) {
    throw CheckpointError(.usage, subject: option, fact: "holds \(odd), not a finite number")
  }
}

/// Numbers as a list that reads back to the same values.
func listed(_ values: [Double]) -> String {
  values.map { "\($0)" }.joined(separator: ",")
}
