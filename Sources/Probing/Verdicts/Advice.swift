internal import Reporting

extension Grading {
  /// What to do, a sentence each, the likeliest remedy first.
  func advice(
    _ evidence: Evidence, output: Evidence.Layer, worst: AtWorst, culprits: [Evidence.Layer]
  ) -> [String] {
    var result: [String] = []
    if let layer = firstNonFinite(evidence) {
      result.append(
        "Features stop being finite at \(layer.name): look for negative variances or non-finite "
          + "weights there" + (evidence.bn == "interpolate" ? ", or run with --bn reset." : "."))
    }
    if worst.closeness.samples == 1 {
      result.append("Use more samples: a single one tells nothing about the spread.")
    } else if worst.graded.isForWantOfSamples {
      result.append(
        "Use more samples: with \(worst.closeness.samples) the grade is that of an unlucky draw, the "
          + "mean alone would be graded better.")
    }
    guard worst.graded.grade > .linear else { return result }
    if isUnrelated(evidence) {
      result.append(
        "The weights point in unrelated directions: models trained from different initial weights "
          + "don't average; align their units first, or merge models finetuned from one base.")
    }
    let normalizations = culprits.filter { $0.kind == "BatchNormalization" }
    if evidence.bn != "reset", !normalizations.isEmpty {
      result.append(
        "BatchNorm breaks it (\(Self.listed(normalizations.map(\.name)))): recompute its statistics "
          + "with --bn reset --calibrate FILE.")
    }
    if let coef = worst.closeness.coef?.mean, coef > 0, isOnlyScale(worst) {
      result.append(
        "The direction holds, the scale doesn't: multiply the weights after \(output.name), or its "
          + "own, by 1 / coef = \(Figures.short(1 / coef)).")
    }
    if let layer = evidence.layers.first(where: { oneZero($0) > thresholds.oneZero.linear }) {
      result.append(
        "Units of \(layer.name) die on one side: in \(Figures.percent(oneZero(layer))) of the samples "
          + "only one of the features is zero.")
    }
    let others = culprits.filter { $0.kind != "BatchNormalization" }
    if !others.isEmpty {
      result.append(
        "Leave out of the merge what breaks it (\(Self.listed(others.map(\.name)))), or take it from "
          + "one model.")
    }
    return result
  }

  /// The first layer with features that aren't finite.
  private func firstNonFinite(_ evidence: Evidence) -> Evidence.Layer? {
    evidence.layers.first { $0.inherited.contains { $0.closeness.nonFinite > 0 } }
  }

  /// The greatest share of samples in which only one feature is zero.
  private func oneZero(_ layer: Evidence.Layer) -> Double {
    layer.inherited.map { _, closeness in
      let all = closeness.samples + closeness.zeroNorm + closeness.nonFinite
      return Double(closeness.oneZero) / Double(max(1, all))
    }.max() ?? 0
  }

  /// Whether 1 - cos would pass as linear, so that only the coefficient doesn't.
  private func isOnlyScale(_ worst: AtWorst) -> Bool {
    var turned = worst.closeness
    turned.coef = nil
    return worst.closeness.coef.map { !thresholds.coef.linear.contains($0.mean) } == true
      && grade(turned) == .linear
  }

  /// Whether most layers' weights are as far apart as unrelated ones: a cosine below 0.2.
  ///
  /// Layers whose weights begin alike in every network (BatchNorm's ones) don't count.
  private func isUnrelated(_ evidence: Evidence) -> Bool {
    let cosines = evidence.layers.filter { !$0.kind.hasSuffix("Normalization") }
      .compactMap { $0.weights?.cosine }.sorted()
    return !cosines.isEmpty && cosines[cosines.count / 2] < 0.2
  }

  /// The first three names, and how many more.
  private static func listed(_ names: [String]) -> String {
    let more = names.count > 3 ? " and \(names.count - 3) more" : ""
    return names.prefix(3).joined(separator: ", ") + more
  }
}
