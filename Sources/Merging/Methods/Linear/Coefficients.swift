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

/// Checks that a method has as many sources as it can use.
func checkSources(
  _ count: Int, of method: String, are allowed: ClosedRange<Int>
) throws(CheckpointError) {
  if allowed.contains(count) { return }
  let least = allowed.lowerBound
  let wanted =
    allowed.upperBound == least ? "exactly \(least)" : count < least ? "at least \(least)" : ""
  throw CheckpointError(
    .usage, subject: method, fact: "takes \(wanted) source\(least == 1 ? "" : "s"), not \(count)")
}

/// Checks that a parameter is a number.
func checkFinite(_ value: Double, of option: String) throws(CheckpointError) {
  if value.isFinite { return }
  throw CheckpointError(.usage, subject: option, fact: "is \(value), not a finite number")
}

/// Checks that a parameter is a number from zero on.
func checkNotNegative(_ value: Double, of option: String) throws(CheckpointError) {
  try checkFinite(value, of: option)
  if value >= 0 { return }
  throw CheckpointError(
    .usage, subject: option, fact: "is \(value)", remedy: "give a number from 0 on")
}

/// Checks that all numbers of a list are above zero.
func checkPositive(_ values: [Double], of option: String) throws(CheckpointError) {
  guard let odd = values.first(where: { !($0 > 0) }) else { return }
  throw CheckpointError(
    .usage, subject: option, fact: "holds \(odd)", remedy: "give weights above 0")
}

/// The weights of the sources, 1 where none are given, divided by their sum where that is asked for.
func normalizedWeights(
  _ weights: [Double]?, sourceCount: Int, isNormalized: Bool
) throws(CheckpointError) -> [Double] {
  let values = weights ?? [Double](repeating: 1, count: sourceCount)
  try checkCount(values, of: "--weights", against: sourceCount)
  guard isNormalized else { return values }
  let sum = values.reduce(0, +)
  guard sum != 0, sum.isFinite else {
    throw CheckpointError(
      .usage, subject: "--weights", fact: "sum to \(sum), so they can't be normalised",
      remedy: "use --no-normalize to take them as they are")
  }
  return values.map { $0 / sum }
}
