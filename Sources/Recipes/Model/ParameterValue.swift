/// The value of a method's parameter.
package enum ParameterValue: Hashable, Sendable {
  case number(Double)
  case integer(Int)
  case truth(Bool)
  case text(String)

  /// The number, of a whole one too.
  package var number: Double? {
    switch self {
    case .number(let number): number
    case .integer(let number): Double(number)
    case .truth, .text: nil
    }
  }

  /// The truth.
  package var truth: Bool? {
    if case .truth(let truth) = self { truth } else { nil }
  }
}

extension ParameterValue: CustomStringConvertible {
  /// The value as it is written in a recipe.
  package var description: String {
    switch self {
    case .number(let number): "\(number)"
    case .integer(let number): "\(number)"
    case .truth(let truth): "\(truth)"
    case .text(let text): text
    }
  }
}
