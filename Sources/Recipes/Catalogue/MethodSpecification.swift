/// What a merge method asks of a recipe; its arithmetic is elsewhere.
package struct MethodSpecification: Hashable, Sendable {
  /// What a method makes of a base.
  package enum Base: String, Hashable, Sendable {
    /// It can't do without; sources are taken as differences from it.
    case required
    /// Sources are differences from it where there is one, else whole models.
    case optional
    /// It is one of the sources, and the first.
    case first
    /// It is one of the sources, like any other.
    case ordinary
  }

  /// How a weight of zero in all is a mistake.
  package enum WeightSum: Hashable, Sendable {
    /// The sum may be anything.
    case free
    /// The result is divided by the sum.
    case divides
    /// The result is divided by the sum where this parameter is true.
    case dividesWhen(String)
  }

  /// The verb: `dare-ties`.
  package let name: String
  /// Further names, with underscores.
  package let aliases: [String]
  /// What it makes of a base.
  package let base: Base
  /// The number of sources, a base that isn't one of them not counted.
  package let sources: ClosedRange<Int>
  /// The parameters.
  package let parameters: [ParameterSpecification]
  /// What the sum of the weights does.
  package let weightSum: WeightSum
  /// What it does, for documentation.
  package let summary: String

  init(
    _ name: String, aliases: [String] = [], base: Base, sources: ClosedRange<Int>,
    weightSum: WeightSum = .free, _ parameters: [ParameterSpecification], _ summary: String
  ) {
    self.name = name
    self.aliases = aliases
    self.base = base
    self.sources = sources
    self.parameters = parameters
    self.weightSum = weightSum
    self.summary = summary
  }

  /// Whether operand 0 of a merge is a base from which the others differ.
  package func hasBase(given: Bool) -> Bool {
    base == .required || (base == .optional && given)
  }

  /// The parameter that a recipe calls so.
  package func parameter(called word: String) -> ParameterSpecification? {
    parameters.first { $0.isCalled(word) }
  }

  /// The number of sources in words.
  var sourcesText: String {
    if sources.lowerBound == sources.upperBound { return "exactly \(sources.lowerBound)" }
    return "at least \(sources.lowerBound)"
  }
}
