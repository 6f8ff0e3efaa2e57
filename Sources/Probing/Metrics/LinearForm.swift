/// A sum of streams of features, each times a factor: `1/4 A + 3/4 B`, or `2 PT - plus`.
///
/// A *stream* is what one network, or one construction that the engine makes itself, gives at one
/// layer; streams are numbered.
package struct LinearForm: Hashable, Sendable {
  /// One stream times a factor other than zero.
  package struct Term: Hashable, Sendable {
    /// The stream's number.
    package let stream: Int
    /// What multiplies it.
    package let factor: Double
  }

  /// The terms by ascending stream; a stream times zero isn't among them.
  package let terms: [Term]

  private init(factors: [Int: Double]) {
    terms = factors.filter { $0.value != 0 }.sorted { $0.key < $1.key }
      .map { Term(stream: $0.key, factor: $0.value) }
  }

  /// A stream itself.
  package static func stream(_ number: Int) -> LinearForm { LinearForm(factors: [number: 1]) }

  /// `alpha a + (1 - alpha) b`; alpha multiplies the first.
  package static func interpolation(_ a: Int, _ b: Int, alpha: Double) -> LinearForm {
    alpha * .stream(a) + (1 - alpha) * .stream(b)
  }

  /// The sum of two forms.
  package static func + (a: LinearForm, b: LinearForm) -> LinearForm {
    var factors: [Int: Double] = [:]
    for term in a.terms + b.terms { factors[term.stream, default: 0] += term.factor }
    return LinearForm(factors: factors)
  }

  /// The difference of two forms.
  package static func - (a: LinearForm, b: LinearForm) -> LinearForm { a + -1 * b }

  /// A form times a number.
  package static func * (factor: Double, form: LinearForm) -> LinearForm {
    LinearForm(
      factors: Dictionary(uniqueKeysWithValues: form.terms.map { ($0.stream, factor * $0.factor) }))
  }
}

/// Measured features u against reference features v.
package struct FeatureComparison: Hashable, Sendable {
  /// u, such as the features of the merged model.
  package var measured: LinearForm
  /// v, such as the interpolation of the sources' features.
  package var reference: LinearForm

  /// A comparison.
  package init(measured: LinearForm, reference: LinearForm) {
    self.measured = measured
    self.reference = reference
  }

  /// The comparison whose coefficient over all samples is the least-squares alpha of
  /// `merged ~ alpha a + (1 - alpha) b`: `merged - b` against `a - b`.
  package static func fit(_ merged: Int, _ a: Int, _ b: Int) -> FeatureComparison {
    FeatureComparison(
      measured: .stream(merged) - .stream(b), reference: .stream(a) - .stream(b))
  }
}
