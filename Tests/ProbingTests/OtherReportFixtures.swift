@testable import Probing
@testable import Reporting

/// The reports of the verbs besides `linearity`.
extension ReportFixtures {
  private static func score(_ accuracy: Double) -> Score {
    Score(
      accuracy: accuracy, accuracyInterval: [accuracy - 0.012, min(1, accuracy + 0.01)],
      loss: 1.2 * (1 - accuracy) + 0.03)
  }

  private static func verdict(_ grade: Grade) -> Verdict {
    Verdict(
      model: grade, reason: "the figure is \(grade == .linear ? 0.01 : 0.4)", alpha: nil,
      culprits: [], advice: [])
  }

  mutating func layers(_ layers: [NamedLayer], worst: Double) -> [LayerCloseness] {
    layers.enumerated().map { place, layer in
      let distance = worst * Double(place + 1) / Double(layers.count)
      return LayerCloseness(
        name: layer.name, kind: layer.kind, shape: layer.shape, position: "output",
        closeness: closeness(distance, coef: 1 - distance), grade: Self.grade(distance))
    }
  }

  func evaluation() -> EvaluationReport {
    EvaluationReport(
      header: Self.header("evaluate"),
      entries: [
        .init(
          model: "runs/a.h5", data: nil, samples: 500, score: Self.score(0.964),
          loss: Self.score(0.964).loss),
        .init(
          model: "runs/b.h5", data: nil, samples: 500, score: Self.score(0.972),
          loss: Self.score(0.972).loss),
      ])
  }

  func features() -> FeaturesReport {
    FeaturesReport(
      header: Self.header("features", models: ["runs/a.h5"]), output: "features.h5",
      layers: NamedLayer.perceptron.map { .init(name: $0.name, shape: [500] + $0.shape) })
  }

  func barrier(height: Double = 0.3) -> BarrierReport {
    let points = (0...10).map { place -> BarrierReport.Point in
      let alpha = Double(place) / 10
      let error = 0.03 + 0.01 * alpha + 4 * height * alpha * (1 - alpha)
      return .init(
        alpha: alpha, accuracy: 1 - error, error: error, loss: 3 * error, ensembleAccuracy: 0.968)
    }
    let part = BarrierReport.Part(
      file: nil, points: points, barrier: .init(error: height, loss: 3 * height, alpha: 0.5),
      lemma: .init(
        epsilon: 0.04, worstError: 0.035 + height, worstEnsembleError: 0.032,
        holds: 0.035 + height <= 0.08))
    return BarrierReport(
      header: Self.header("barrier"), union: part, perData: [],
      verdict: Self.verdict(Self.grade(height)))
  }

  mutating func soup(members count: Int = 4) -> SoupReport {
    let files = (0..<count).map { "runs/member\($0).h5" }
    let members = files.enumerated().map { place, file in
      SoupReport.Member(
        model: file, weight: 1 / Double(count), score: Self.score(0.96 + 0.003 * Double(place)),
        oneMinusCosWithout: count == 2 ? nil : 0.01 + 0.004 * Double(place),
        accuracyWithout: count == 2 ? nil : 0.97)
    }
    let part = SoupReport.Part(
      file: nil, layers: layers(NamedLayer.perceptron, worst: 0.02), soup: Self.score(0.975),
      ensemble: Self.score(0.978), agreement: 0.985,
      test: .init(onlySoup: 3, onlyEnsemble: 5, pValue: 0.7266), members: members,
      verdict: Self.verdict(.linear))
    return SoupReport(header: Self.header("soup", models: files), union: part, perData: [])
  }

  mutating func decomposition(
    verb: String = "addition", scales: [Double] = [0.1, 0.2, 0.4, 0.6, 0.8]
  ) -> DecompositionReport {
    let sets = ["data/one.h5", "data/two.h5", nil]
    let entries = { (accuracy: Double) in
      sets.map {
        EvaluationReport.Entry(
          model: "edited", data: $0, samples: 500, score: Self.score(accuracy),
          loss: Self.score(accuracy).loss)
      }
    }
    return DecompositionReport(
      header: Self.header(verb),
      formula: "f(PT + L (tau_1 + tau_2)) ~ 1/2 f(PT + 2 L tau_1) + 1/2 f(PT + 2 L tau_2)",
      scales: scales.map { scale in
        .init(
          scale: scale, layers: layers(NamedLayer.perceptron, worst: 0.3 * scale),
          scores: entries(0.9 - scale * 0.2), constructedScores: entries(0.91 - scale * 0.15),
          agreement: 1 - scale * 0.2, disentanglementError: scale * 0.1)
      }, verdict: Self.verdict(.weak))
  }

  func stitch(_ layers: [NamedLayer] = NamedLayer.residual(blocks: 4)) -> StitchReport {
    StitchReport(
      header: Self.header("stitch"), a: Self.score(0.974), b: Self.score(0.971),
      merged: Self.score(0.967),
      cuts: layers.enumerated().map { place, layer in
        let depth = Double(place) / Double(layers.count)
        return .init(
          name: layer.name, kind: layer.kind, shape: layer.shape,
          aIntoB: Self.score(0.97 - 0.35 * depth * (1 - depth)),
          interpolatedIntoMerged: Self.score(0.965 + 0.012 * depth))
      }, restoredFrom: layers.last?.name, verdict: Self.verdict(.linear))
  }

  func matrix(count: Int = 5) -> MatrixReport {
    let names = (0..<count).map { "runs/model_\($0).h5" }
    let pairs = names.indices.flatMap { i in
      ((i + 1)..<max(i + 1, count)).map { j -> MatrixReport.Pair in
        // The last model has a start of its own.
        let distance = j == count - 1 ? 0.41 : 0.004 * Double(i + 1) * Double(j)
        return .init(
          a: names[i], b: names[j], oneMinusCos: distance, coef: 1 - distance, agreement: 0.97,
          accuracy: 0.96 - distance, ensembleAccuracy: 0.97, grade: Self.grade(distance))
      }
    }
    return MatrixReport(
      header: Self.header("matrix", models: names), names: names, pairs: pairs,
      layers: NamedLayer.perceptron.enumerated().map { place, layer in
        .init(
          name: layer.name, kind: layer.kind,
          oneMinusCos: pairs.map { $0.oneMinusCos * Double(place + 1) / 8 })
      },
      transitivity: count < 3
        ? []
        : [.init(i: names[0], j: names[1], k: names[count - 1], excess: 0.01, isViolated: false)],
      groups: [Array(names.dropLast()), [names[count - 1]]], verdict: Self.verdict(.weak))
  }

  /// A report of every verb, and of `linearity` every kind that is drawn differently; with all layers of
  /// deep networks only where time doesn't matter.
  mutating func all(deep: Bool = false) -> [(name: String, report: any RenderableReport)] {
    var noFigures = linearity(NamedLayer.perceptron)
    for place in noFigures.union.layers.indices {
      for alpha in noFigures.alphas.indices {
        noFigures.union.layers[place].alphas[alpha].closeness =
          place == 2 ? Self.unmeasured(zeroNorm: 500) : closeness(0)
        if place > 4 {
          noFigures.union.layers[place].alphas[alpha].closeness =
            Self.unmeasured(nonFinite: 500)
        }
      }
    }
    let elevenths = (0...10).map { Double($0) / 10 }
    var files = linearity(NamedLayer.perceptron, worst: 0.1, culprit: 3)
    var one = files.union
    one.file = "data/one.h5"
    files.perData = [one, one]
    files.header.warnings = ["12 samples are left out, their features are zero"]
    return [
      ("linearity", linearity(NamedLayer.perceptron)),
      (
        "linearity-broken",
        linearity(NamedLayer.residual(blocks: deep ? 8 : 4), worst: 0.6, culprit: 20)
      ),
      (
        "linearity-deep",
        linearity(NamedLayer.residual(blocks: deep ? 26 : 2), worst: 0.2, culprit: deep ? 90 : 9)
      ),
      ("linearity-files", files),
      ("linearity-no-figures", noFigures),
      ("linearity-no-labels", linearity(NamedLayer.perceptron, alphas: [0.5], hasLabels: false)),
      ("linearity-eleven", linearity(NamedLayer.perceptron, alphas: elevenths)),
      ("evaluate", evaluation()), ("features", features()), ("barrier", barrier()),
      ("soup", soup()),
      ("addition", decomposition()), ("negation", decomposition(verb: "negation", scales: [0.4])),
      ("stitch", stitch()), ("matrix", matrix()),
    ]
  }
}
