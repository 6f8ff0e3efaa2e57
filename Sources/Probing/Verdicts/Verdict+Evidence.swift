package import Reporting

extension Grading {
  /// A graded agreement and the value of the parameter it is of.
  struct AtWorst {
    var alpha: Double?
    var closeness: Closeness
    var graded: Graded
  }

  /// The verdict on a model: the grade of its output at the worst value of the parameter, the layers
  /// that break it, and what to do.
  ///
  /// Early layers don't decide: features of positive units are never far apart there, not even those of
  /// unrelated networks. Culprits are told by their local error, since what a layer inherits says only
  /// where it hurts.
  package func verdict(_ evidence: Evidence) -> Verdict {
    guard let output = evidence.layers.last,
      let worst = worst(output.inherited, agreement: evidence.agreement(at:))
    else {
      return Verdict(
        model: .broken, reason: "no layer could be compared",
        advice: ["Choose layers that the models have in common."])
    }
    let culprits = worst.graded.grade == .linear ? [] : culprits(evidence)
    var reason = self.reason(evidence, output, worst)
    if worst.graded.grade > .linear && culprits.isEmpty, let layer = firstVictim(evidence) {
      reason += "; no layer does it alone, it grows from \(layer.name) on"
    }
    return Verdict(
      model: worst.graded.grade, reason: reason, alpha: worst.alpha,
      culprits: culprits.map(\.name),
      advice: advice(evidence, output: output, worst: worst, culprits: culprits))
  }

  /// The worst grade of a layer over all values, its local errors included.
  package func grade(_ layer: LinearityReport.Layer) -> Grade {
    (layer.alphas.map(\.closeness) + layer.local.map(\.closeness)).map { grade($0) }.max()
      ?? .linear
  }

  func worst(
    _ values: [(alpha: Double?, closeness: Closeness)],
    agreement: (Double?) -> Double? = { _ in nil }
  ) -> AtWorst? {
    values.map { value in
      AtWorst(
        alpha: value.alpha, closeness: value.closeness,
        graded: graded(value.closeness, agreement: agreement(value.alpha)))
    }.max { a, b in
      (a.graded.grade, a.graded.severity) < (b.graded.grade, b.graded.severity)
    }
  }

  /// The layers whose local error alone isn't linear, worst first.
  private func culprits(_ evidence: Evidence) -> [Evidence.Layer] {
    evidence.layers.enumerated().compactMap { place, layer in
      worst(layer.local).flatMap { worst in
        worst.graded.grade > .linear ? (place, layer, worst.graded) : nil
      }
    }.sorted { a, b in
      (b.2.grade, b.2.severity, a.0) < (a.2.grade, a.2.severity, b.0)
    }.map(\.1)
  }

  /// The first layer whose features aren't linear.
  private func firstVictim(_ evidence: Evidence) -> Evidence.Layer? {
    evidence.layers.first { layer in
      layer.inherited.contains { grade($0.closeness) > .linear }
    }
  }

  private func reason(_ evidence: Evidence, _ output: Evidence.Layer, _ worst: AtWorst) -> String {
    let place = output.position == "logits" ? "the logits" : "the output of \(output.name)"
    var start = "at \(place)"
    if let value = worst.alpha {
      let isChosen = output.inherited.count > 1
      start +=
        " and \(evidence.parameter) \(Figures.short(value))" + (isChosen ? ", the worst" : "")
    }
    guard worst.graded.grade == .linear else {
      return start + ": " + worst.graded.faults.joined(separator: "; ")
    }
    var facts: [String] = []
    if let distance = worst.closeness.oneMinusCos {
      facts.append("1 - cos is \(Figures.short(distance.mean))")
    }
    if let coef = worst.closeness.coef { facts.append("coef is \(Figures.short(coef.mean))") }
    if let agreement = evidence.agreement(at: worst.alpha) {
      facts.append("\(Figures.percent(agreement)) of the classes agree")
    }
    if facts.isEmpty { facts.append("all features are zero on both sides") }
    return start + ": " + facts.joined(separator: ", ")
  }
}
