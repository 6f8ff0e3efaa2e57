import ArgumentParser
import Probing
import Reporting
import Terminal

// The libraries' choices as values of options; their raw values are what a person types.

extension BatchNormPolicy: ExpressibleByArgument {}
extension Display.Colour: ExpressibleByArgument {}

/// The values of `--fail-on`: the mildest grade that is a failure.
enum FailurePolicy: String, ExpressibleByArgument, CaseIterable {
  case broken, weak

  /// Whether an answer is a failure.
  func fails(_ grade: Grade) -> Bool {
    switch self {
    case .broken: grade == .broken
    case .weak: grade != .linear
    }
  }
}
