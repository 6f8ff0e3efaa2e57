import Testing

@testable import Probing
@testable import Reporting

/// Grades by the ends of intervals, culprits by local error, words with figures.
@Suite("Verdicts")
struct VerdictTests {
  /// Measures around means: two halves of the samples at mean -+ spread.
  static func closeness(
    _ distance: Double, coef: Double = 1, spread: Double = 0.001, samples: Int = 400,
    oneZero: Int = 0, nonFinite: Int = 0
  ) -> Closeness {
    func around(_ mean: Double) -> [Double] {
      (0..<samples).map { $0.isMultiple(of: 2) ? mean - spread : mean + spread }
    }
    return Closeness(
      oneMinusCos: Summary(samples: around(distance)), coef: Summary(samples: around(coef)),
      relativeError: nil, samples: samples, zeroNorm: oneZero, oneZero: oneZero,
      nonFinite: nonFinite)
  }

  static func layer(
    _ name: String, kind: String = "Dense", position: String = "output",
    _ inherited: [Closeness], local: [Closeness] = [], cosine: Double? = nil
  ) -> Evidence.Layer {
    let alphas: [Double?] = [0.25, 0.5, 0.75]
    return Evidence.Layer(
      name: name, kind: kind, position: position,
      inherited: zip(alphas, inherited).map { ($0, $1) },
      local: zip(alphas, local).map { ($0, $1) }, weights: cosine.map { ($0, 1) })
  }

  static func evidence(_ layers: [Evidence.Layer], agreement: Double? = nil) -> Evidence {
    var result = Evidence(layers: [], output: [], bn: "interpolate")
    result.layers = layers
    if let agreement { result.agreement = [(0.5, agreement)] }
    return result
  }

  private let grading = Grading()

  @Test(
    "1 - cos and coef are cut at the defaults",
    arguments: [
      (0.01, 1.0, Grade.linear), (0.0298, 1, .linear), (0.0299999, 1, .weak), (0.2, 1, .weak),
      (0.26, 1, .broken), (0.01, 0.88, .weak), (0.01, 1.2, .weak), (0.01, 0.45, .broken),
      (0.01, 2.1, .broken), (0.2, 0.3, .broken), (0.01, -1, .broken),
    ])
  func cuts(distance: Double, coef: Double, expected: Grade) {
    #expect(grading.grade(Self.closeness(distance, coef: coef)) == expected)
  }

  @Test("the bound decides, not the mean; more samples narrow it")
  func bounds() {
    let few = Self.closeness(0.02, spread: 0.02, samples: 4)
    let many = Self.closeness(0.02, spread: 0.02, samples: 400)
    #expect(grading.grade(few) == .weak && grading.grade(many) == .linear)
    #expect(grading.graded(few).isForWantOfSamples && !grading.graded(many).isForWantOfSamples)
    // 96 % of 10,000 samples are certain to be above 94 %, of 100 samples not.
    #expect(grading.grade(Self.closeness(0, samples: 10_000), agreement: 0.96) == .linear)
    #expect(grading.grade(Self.closeness(0, samples: 100), agreement: 0.96) == .weak)
  }

  @Test("what can't be measured is broken where it differs and linear where both are zero")
  func unmeasurable() {
    func none(oneZero: Int = 0, nonFinite: Int = 0) -> Grade {
      grading.grade(
        Closeness(
          oneMinusCos: nil, coef: nil, relativeError: nil, samples: 0, zeroNorm: 10,
          oneZero: oneZero, nonFinite: nonFinite))
    }
    #expect(none() == .linear && none(oneZero: 10) == .broken && none(nonFinite: 1) == .broken)
    #expect(grading.grade(Self.closeness(0, nonFinite: 1)) == .broken)
    #expect(grading.grade(Self.closeness(0, samples: 1000, oneZero: 5)) == .linear)
    #expect(grading.grade(Self.closeness(0, samples: 1000, oneZero: 50)) == .weak)
  }

  @Test("a good merge: linear at the worst alpha, in figures, without advice")
  func linear() {
    let output = Self.layer(
      "top", position: "logits",
      [Self.closeness(0.004), Self.closeness(0.0062), Self.closeness(0.005)])
    let verdict = grading.verdict(Self.evidence([output], agreement: 0.99))
    #expect(verdict.model == .linear && verdict.alpha == 0.5)
    #expect(verdict.culprits.isEmpty && verdict.advice.isEmpty)
    #expect(
      verdict.reason
        == "at the logits and alpha 0.5, the worst: 1 - cos is 0.0062, coef is 1, "
        + "99 % of the classes agree")
  }

  @Test("the output decides; local errors name the culprits, worst first")
  func culprits() {
    let bad = Self.closeness(0.3), weak = Self.closeness(0.1), good = Self.closeness(0.001)
    let layers = [
      Self.layer("first", [bad, bad, bad], local: [good, good, good]),
      Self.layer("norm", kind: "BatchNormalization", [bad, bad, bad], local: [good, weak, good]),
      Self.layer("middle", [bad, bad, bad], local: [good, bad, good]),
      Self.layer("top", [good, bad, good], local: [good, good, good]),
    ]
    let verdict = grading.verdict(Self.evidence(layers))
    #expect(verdict.model == .broken && verdict.alpha == 0.5)
    #expect(verdict.culprits == ["middle", "norm"])
    #expect(verdict.reason.contains("1 - cos is 0.3 (at most 0.3 with 95 % confidence)"))
    #expect(verdict.advice.contains { $0.contains("(norm)") && $0.contains("--bn reset") })
    #expect(verdict.advice.contains { $0.contains("(middle)") })
    var reset = Self.evidence(layers)
    reset.bn = "reset"
    #expect(!grading.verdict(reset).advice.contains { $0.contains("--bn reset") })
    // Early layers alone break nothing.
    let early = Self.evidence([layers[0], Self.layer("top", [good, good, good])])
    #expect(grading.verdict(early).model == .linear && grading.verdict(early).culprits.isEmpty)
  }

  @Test("a decomposition at one scale is judged at its output")
  func decomposition() {
    let layers = [("a", 0.4), ("top", 0.05)].map { name, distance in
      LayerCloseness(
        name: name, kind: "Dense", shape: [4], position: "output",
        closeness: Self.closeness(distance), grade: .weak)
    }
    let verdict = grading.verdict(
      Evidence(layers: layers, agreement: 0.99, alpha: 0.4, bn: "interpolate"))
    #expect(verdict.model == .weak && verdict.alpha == 0.4 && verdict.culprits.isEmpty)
    #expect(verdict.reason.hasPrefix("at the output of top and scale 0.4: 1 - cos is 0.05"))
    let nothing = grading.verdict(Self.evidence([]))
    #expect(nothing.model == .broken && !nothing.advice.isEmpty)
  }

  @Test("errors that only add up are told from where they grow")
  func growing() {
    let good = Self.closeness(0.001), weak = Self.closeness(0.1)
    let layers = ["a", "b", "c"].map { name in
      Self.layer(name, Array(repeating: name == "a" ? good : weak, count: 3), local: [good])
    }
    let verdict = grading.verdict(Self.evidence(layers))
    #expect(verdict.model == .weak && verdict.culprits.isEmpty)
    #expect(verdict.reason.hasSuffix("no layer does it alone, it grows from b on"))
  }

  @Test("advice: rescaling, unrelated models, dead units, numbers that aren't, few samples")
  func advice() {
    func said(_ closeness: Closeness, cosine: Double? = nil) -> String {
      grading.verdict(Self.evidence([Self.layer("top", [closeness], cosine: cosine)]))
        .advice.joined(separator: "\n")
    }
    #expect(said(Self.closeness(0.001, coef: 0.5)).contains("1 / coef = 2."))
    #expect(!said(Self.closeness(0.2, coef: 0.5)).contains("1 / coef"))
    #expect(said(Self.closeness(0.4), cosine: 0.02).contains("unrelated directions"))
    #expect(!said(Self.closeness(0.4), cosine: 0.97).contains("unrelated directions"))
    #expect(said(Self.closeness(0.1, samples: 100, oneZero: 25)).contains("20 % of the samples"))
    #expect(said(Self.closeness(0.1, nonFinite: 3)).contains("stop being finite at top"))
    #expect(said(Self.closeness(0.02, spread: 0.02, samples: 4)).contains("with 4 the grade"))
    #expect(said(Self.closeness(0.02, spread: 0, samples: 1)).contains("a single one"))
  }

  @Test(
    "figures in sentences have three digits",
    arguments: [
      (0.0123456, "0.0123"), (1.1499, "1.15"), (0.99951, "1"), (12.345, "12.3"), (123.4, "123"),
      (4.1234e-7, "4.12e-07"), (0, "0"), (-0.5, "-0.5"), (9.9999e-5, "1e-04"), (2.5e6, "2.5e+06"),
      (.nan, "not a number"), (.infinity, "infinite"),
    ])
  func figures(value: Double, expected: String) {
    #expect(Figures.short(value) == expected)
  }
}
