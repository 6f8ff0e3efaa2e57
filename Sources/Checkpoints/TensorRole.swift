/// What a tensor is to its network; decides how a merge treats it.
public enum TensorRole: String, Hashable, Sendable {
  /// A trained parameter: merged.
  case weight
  /// A running statistic, such as BatchNorm's moving mean and variance: merged.
  case statistic
  /// A count of steps or samples: must agree, or comes from the template with a note.
  case counter
  /// The state of a random generator: as `counter`.
  case seed
  /// State of the optimizer: copied from the template or dropped, never merged.
  case optimizer
  /// Anything else: as `counter` where it is made of numbers, else copied.
  case other
}
