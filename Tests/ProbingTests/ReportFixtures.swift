import TestSupport

@testable import Probing
@testable import Reporting

/// Reports with plausible figures, the same in every run.
struct ReportFixtures {
  private var generator: SeededGenerator

  init(seed: UInt64 = 1) {
    generator = SeededGenerator(seed: seed)
  }

  /// A number in 0..<1.
  private mutating func uniform() -> Double {
    Double(generator.next() >> 11) / 9_007_199_254_740_992
  }

  mutating func summary(mean: Double, spread: Double = 0.6) -> Summary {
    let s = mean.magnitude * spread * (0.7 + 0.6 * uniform())
    let low = mean > 0 ? mean * (1 - spread * 0.8) : mean - s
    return Summary(
      mean: mean, std: s, stderr: s / 500.0.squareRoot(), min: low, p5: low + 0.1 * s,
      p25: mean - 0.5 * s * 0.6, p50: mean - 0.05 * s, p75: mean + 0.5 * s, p95: mean + 1.6 * s,
      max: mean + 3 * s)
  }

  mutating func closeness(_ distance: Double, coef: Double = 1) -> Closeness {
    Closeness(
      oneMinusCos: summary(mean: distance), coef: summary(mean: coef, spread: 0.05),
      relativeError: summary(mean: (2 * distance).squareRoot(), spread: 0.3),
      globalOneMinusCos: distance * 0.97, globalCoef: coef, samples: 500, zeroNorm: 0, oneZero: 0,
      nonFinite: 0)
  }

  /// A comparison of which no sample could be used.
  static func unmeasured(nonFinite: Int = 0, zeroNorm: Int = 0) -> Closeness {
    Closeness(
      oneMinusCos: nil, coef: nil, relativeError: nil, samples: 0, zeroNorm: zeroNorm, oneZero: 0,
      nonFinite: nonFinite)
  }

  static func header(_ verb: String, models: [String] = ["runs/a.h5", "runs/b.h5"]) -> Header {
    let parts = ["a", "b"] + (2..<max(3, models.count)).map { "source \($0 + 1)" }
    return Header(
      verb: verb, network: "sample_network",
      models: zip(models, parts).map {
        .init(file: $0, sha256: String(repeating: "0123456789abcdef", count: 4), part: $1)
      },
      data: [
        .init(
          file: "data/test.h5", samples: 500,
          sha256: String(repeating: "fedcba9876543210", count: 4),
          hasLabels: true)
      ], bn: "interpolate", warnings: [])
  }

  static func grade(_ distance: Double) -> Grade {
    distance <= 0.03 ? .linear : distance <= 0.25 ? .weak : .broken
  }

  mutating func layer(
    _ layer: NamedLayer, alphas: [Double], distance: Double, parents: Double, local: Double,
    position: String = "output"
  ) -> LinearityReport.Layer {
    let hasWeights = ["Dense", "Conv2D", "DepthwiseConv2D", "BatchNormalization"].contains(
      layer.kind)
    let figures = alphas.map { alpha in
      let hump = 4 * alpha * (1 - alpha)
      return LinearityReport.AtAlpha(
        alpha: alpha, closeness: closeness(distance * hump, coef: 1 - distance * hump),
        toA: closeness(parents * (1 - alpha)), toB: closeness(parents * alpha))
    }
    let locals = alphas.map { alpha in
      LinearityReport.Local(
        alpha: alpha, closeness: closeness(local * 4 * alpha * (1 - alpha)),
        commutativity: hasWeights ? local.squareRoot() * 0.7 : nil,
        activation: layer.kind == "Activation" ? local.squareRoot() * 0.5 : nil,
        grade: Self.grade(local))
    }
    return LinearityReport.Layer(
      name: layer.name, kind: layer.kind, shape: layer.shape, position: position,
      baseline: closeness(parents), alphas: figures,
      local: ["Flatten", "Dropout"].contains(layer.kind) ? [] : locals, secondOrder: nil,
      weights: hasWeights
        ? .init(
          parameters: 4096, distance: 3.2, relativeDistance: 0.21, cosine: 0.978,
          taskVectorCosine: nil)
        : nil,
      fit: nil, grade: Self.grade(distance))
  }

  /// A report whose errors grow with depth by up to `worst`, of which the layer at `culprit` adds most.
  mutating func linearity(
    _ layers: [NamedLayer], alphas: [Double] = [0.25, 0.5, 0.75], worst: Double = 0.02,
    culprit: Int? = nil, hasLabels: Bool = true
  ) -> LinearityReport {
    let count = layers.count
    let built = layers.enumerated().map { place, described -> LinearityReport.Layer in
      let depth = Double(place + 1) / Double(count)
      let isBehind = culprit.map { place >= $0 } ?? true
      let noise = 0.6 + 0.8 * uniform()
      let distance = worst * depth * depth * noise * (isBehind ? 1 : 0.05)
      let local = place == culprit ? distance * 0.9 : distance * 0.04
      return layer(
        described, alphas: alphas, distance: max(1e-7, distance),
        parents: 0.05 + 0.3 * depth * noise, local: max(1e-9, local),
        position: place == count - 1 ? "logits" : "output")
    }
    let grade = Self.grade(worst)
    let output = alphas.map { alpha in
      LinearityReport.Output(
        alpha: alpha, accuracy: hasLabels ? 0.975 - worst * 4 * alpha * (1 - alpha) : nil,
        loss: hasLabels ? 0.11 + worst : nil, ensembleAccuracy: hasLabels ? 0.978 : nil,
        ensembleLoss: hasLabels ? 0.1 : nil, agreement: 0.99 - worst, certified: 0.9 - worst)
    }
    var header = Self.header("linearity")
    header.data[0].hasLabels = hasLabels
    let verdict = Verdict(
      model: grade, reason: "at alpha 0.5 the logits have 1-cos \(worst) and coef \(1 - worst)",
      alpha: 0.5, culprits: culprit.map { [layers[$0].name] } ?? [],
      advice: grade == .linear ? [] : ["Leave the layer out of the merge (--exclude)"])
    let part = LinearityReport.Part(
      file: nil, layers: built, output: output,
      accuracy: hasLabels ? .init(a: 0.974, b: 0.971) : nil, verdict: verdict)
    return LinearityReport(
      header: header, alphas: alphas, merged: nil, union: part, perData: [])
  }
}
