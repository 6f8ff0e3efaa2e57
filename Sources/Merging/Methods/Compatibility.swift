/// Whose definition of a method is followed where the paper and mergekit differ.
package enum Compatibility: String, CaseIterable, Sendable {
  /// The paper's, in exact arithmetic with relative guards.
  case paper
  /// That of mergekit 0.1.5: its formulas, guards and defaults, in Float64.
  case mergekit
}
