/// What a parameter of a merge method may be.
package struct ParameterSpecification: Hashable, Sendable {
  /// What a value looks like.
  package enum Kind: Hashable, Sendable {
    /// A real number within bounds.
    case number(NumberRange)
    /// A whole number, at least this.
    case integer(atLeast: Int)
    /// `true` or `false`.
    case truth
    /// One of some words; what `true` and `false` stand for where mergekit has a truth.
    case word([String], whenTrue: String?, whenFalse: String?)
    /// A file.
    case path
  }

  /// To whom it belongs.
  package enum Scope: String, Hashable, Sendable {
    /// The merge as a whole.
    case merge
    /// Each source that isn't the base.
    case source
  }

  /// What is taken where a recipe says nothing.
  package enum Default: Hashable, Sendable {
    /// Nothing: a recipe must say it.
    case required
    /// The method goes without.
    case none
    /// One value by the paper and one by mergekit.
    case value(paper: ParameterValue, mergekit: ParameterValue)
  }

  /// The name with underscores, as recipes write it; the option has hyphens.
  package let name: String
  /// Further names.
  package let aliases: [String]
  /// What a value looks like.
  package let kind: Kind
  /// To whom it belongs.
  package let scope: Scope
  /// What is taken where a recipe says nothing.
  package let preset: Default
  /// Why it is accepted but without effect; nil where it has one.
  package let withoutEffect: String?
  /// What it does, for documentation.
  package let summary: String

  init(
    _ name: String, aliases: [String] = [], _ kind: Kind, _ scope: Scope,
    _ preset: Default, withoutEffect: String? = nil, _ summary: String
  ) {
    self.name = name
    self.aliases = aliases
    self.kind = kind
    self.scope = scope
    self.preset = preset
    self.withoutEffect = withoutEffect
    self.summary = summary
  }

  /// A parameter of the merge.
  init(
    _ name: String, aliases: [String] = [], _ kind: Kind, _ preset: Default,
    withoutEffect: String? = nil, _ summary: String
  ) {
    self.init(name, aliases: aliases, kind, .merge, preset, withoutEffect: withoutEffect, summary)
  }

  /// Whether a recipe may call it so; hyphens and underscores are alike.
  package func isCalled(_ word: String) -> Bool {
    let folded = MethodCatalogue.folded(word)
    return folded == name || aliases.contains(folded)
  }

  /// The value where a recipe says nothing; nil where there is none.
  package func value(in compatibility: Compatibility) -> ParameterValue? {
    guard case .value(let paper, let mergekit) = preset else { return nil }
    return compatibility == .paper ? paper : mergekit
  }
}

/// Bounds of a number.
package struct NumberRange: Hashable, Sendable {
  /// The lowest number; `isOpen` where it doesn't belong to the range itself.
  package let low: Double
  package let high: Double
  package let isLowOpen: Bool
  package let isHighOpen: Bool

  init(_ low: Double, _ high: Double, openLow: Bool = false, openHigh: Bool = false) {
    self.low = low
    self.high = high
    self.isLowOpen = openLow
    self.isHighOpen = openHigh
  }

  /// Any finite number.
  static let any = NumberRange(-.infinity, .infinity, openLow: true, openHigh: true)
  /// From 0 on.
  static let nonNegative = NumberRange(0, .infinity, openHigh: true)
  /// Above 0.
  static let positive = NumberRange(0, .infinity, openLow: true, openHigh: true)
  /// A share that keeps something: (0, 1].
  static let share = NumberRange(0, 1, openLow: true)
  /// A share that may be nothing: [0, 1].
  static let unit = NumberRange(0, 1)

  /// Whether a number is within.
  package func contains(_ number: Double) -> Bool {
    (isLowOpen ? number > low : number >= low) && (isHighOpen ? number < high : number <= high)
  }
}

extension NumberRange: CustomStringConvertible {
  /// The range in words: "above 0 and at most 1".
  package var description: String {
    let floor = low == -.infinity ? nil : "\(isLowOpen ? "above" : "at least") \(Self.text(low))"
    let ceiling = high == .infinity ? nil : "\(isHighOpen ? "below" : "at most") \(Self.text(high))"
    let parts = [floor, ceiling].compactMap(\.self)
    return parts.isEmpty ? "finite" : parts.joined(separator: " and ")
  }

  private static func text(_ number: Double) -> String {
    Int(exactly: number).map { "\($0)" } ?? "\(number)"
  }
}

/// Whose definitions of methods, and so whose defaults, count.
package enum Compatibility: String, CaseIterable, Hashable, Sendable {
  /// The papers'.
  case paper
  /// Those of mergekit 0.1.5.
  case mergekit
}
