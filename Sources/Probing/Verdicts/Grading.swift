package import Reporting

/// The cuts between linear, weak and broken.
///
/// The defaults were found on small digit networks: linear pairs average within 1.3 points of the
/// ensemble, weak ones lose or gain 3 to 10, broken ones lose 15 to 91. They are for all to override.
package struct Thresholds: Hashable, Sendable {
  /// The greatest 1 - cos of linear, and of weak.
  package var oneMinusCos = (linear: 0.03, weak: 0.25)
  /// The coefficients of linear, and of weak.
  package var coef = (linear: 0.9...1.15, weak: 0.5...2.0)
  /// The least share of equal classes of linear.
  package var agreement = 0.94
  /// The greatest share of samples in which only one of two features is zero, of linear and of weak.
  package var oneZero = (linear: 0.01, weak: 0.25)

  /// The defaults.
  package init() {}

  package static func == (a: Thresholds, b: Thresholds) -> Bool {
    a.oneMinusCos == b.oneMinusCos && a.coef == b.coef && a.agreement == b.agreement
      && a.oneZero == b.oneZero
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine([oneMinusCos.linear, oneMinusCos.weak, agreement, oneZero.linear, oneZero.weak])
    hasher.combine([coef.linear, coef.weak])
  }
}

/// A grade, with what speaks against a better one.
package struct Graded: Hashable, Sendable {
  /// The grade.
  package var grade: Grade
  /// Why it isn't linear, in words with figures, worst first; empty for linear.
  package var faults: [String]
  /// How bad it is within its grade, to order by: 1 stands at the limit of broken.
  package var severity: Double
  /// Whether more samples could give a better grade: the means would have it.
  package var isForWantOfSamples: Bool
}

/// Grades agreements of features by the ends of 95 % confidence intervals, not by means.
package struct Grading: Sendable {
  /// The cuts.
  package var thresholds: Thresholds

  /// Grading by some cuts.
  package init(thresholds: Thresholds = Thresholds()) {
    self.thresholds = thresholds
  }

  /// The grade of an agreement, and of equal classes where they are known.
  ///
  /// - Parameters:
  ///   - closeness: How features agree.
  ///   - agreement: The share of samples with equal classes.
  /// - Returns: Linear if the upper end of 1 - cos, both ends of coef and the lower end (Wilson's) of
  ///   the agreement are within their cuts; broken if one of the first two is beyond the cut of weak,
  ///   or a feature isn't finite; weak otherwise.
  package func graded(_ closeness: Closeness, agreement: Double? = nil) -> Graded {
    let atBest = judged(closeness, agreement: agreement, byMeans: true)
    var result = judged(closeness, agreement: agreement, byMeans: false)
    result.isForWantOfSamples = atBest.grade < result.grade
    return result
  }

  /// The grade alone.
  package func grade(_ closeness: Closeness, agreement: Double? = nil) -> Grade {
    judged(closeness, agreement: agreement, byMeans: false).grade
  }

  private func judged(_ closeness: Closeness, agreement: Double?, byMeans: Bool) -> Graded {
    var faults: [(grade: Grade, text: String)] = []
    var severity = 0.0
    let all = closeness.samples + closeness.zeroNorm + closeness.nonFinite
    if closeness.nonFinite > 0 {
      faults.append((.broken, "\(closeness.nonFinite) of \(all) samples aren't finite"))
      severity = .infinity
    }
    if closeness.oneZero > 0 {
      let share = Double(closeness.oneZero) / Double(max(1, all))
      severity = max(severity, share / thresholds.oneZero.weak)
      if share > thresholds.oneZero.linear {
        faults.append(
          (
            share > thresholds.oneZero.weak ? .broken : .weak,
            "in \(closeness.oneZero) of \(all) samples only one of the features is zero"
          ))
      }
    }
    if let distance = closeness.oneMinusCos {
      let bound =
        byMeans ? distance.mean : Self.ends(distance, closeness.samples).upperBound
      severity = max(severity, bound / thresholds.oneMinusCos.weak)
      let cut = Self.cut(bound, thresholds.oneMinusCos.linear, thresholds.oneMinusCos.weak)
      if let (grade, limit) = cut {
        faults.append(
          (
            grade,
            "1 - cos is \(Figures.short(distance.mean)) (at most "
              + "\(Figures.short(bound)) with 95 % confidence), above \(Figures.short(limit))"
          ))
      }
    }
    if let coef = closeness.coef {
      let ends = byMeans ? coef.mean...coef.mean : Self.ends(coef, closeness.samples)
      for end in [ends.lowerBound, ends.upperBound] {
        severity = max(severity, coefSeverity(end))
      }
      if !thresholds.coef.linear.contains(ends) {
        let isBroken = !thresholds.coef.weak.contains(ends)
        let limits = isBroken ? thresholds.coef.weak : thresholds.coef.linear
        faults.append(
          (
            isBroken ? .broken : .weak,
            "coef is \(Figures.short(coef.mean)) (\(Figures.range(ends)) with 95 % confidence), "
              + "not within \(Figures.range(limits))"
          ))
      }
    }
    if let agreement {
      let equal = Int((agreement * Double(max(1, all))).rounded())
      let bound =
        byMeans ? agreement : WilsonInterval.interval(count: equal, of: all).lowerBound
      if bound < thresholds.agreement {
        faults.append(
          (
            .weak,
            "\(Figures.percent(agreement)) of the classes agree (at least "
              + "\(Figures.percent(bound)) with 95 % confidence), "
              + "fewer than \(Figures.percent(thresholds.agreement))"
          ))
      }
    }
    let worst = faults.map(\.grade).max() ?? .linear
    let ordered = faults.filter { $0.grade == worst } + faults.filter { $0.grade != worst }
    return Graded(
      grade: worst, faults: ordered.map(\.text), severity: severity, isForWantOfSamples: false)
  }

  /// 1 at the nearer limit of weak, on a logarithmic scale; infinite for a turned direction.
  private func coefSeverity(_ coef: Double) -> Double {
    guard coef > 0 else { return .infinity }
    let limit = coef < 1 ? thresholds.coef.weak.lowerBound : thresholds.coef.weak.upperBound
    return MathLibrary.logarithm(coef) / MathLibrary.logarithm(limit)
  }

  /// The interval of a mean; of a single sample itself, as nothing more is known.
  private static func ends(_ summary: Summary, _ samples: Int) -> ClosedRange<Double> {
    StudentInterval.interval(of: summary, samples: samples) ?? summary.mean...summary.mean
  }

  private static func cut(_ value: Double, _ linear: Double, _ weak: Double) -> (Grade, Double)? {
    value <= linear ? nil : value <= weak ? (.weak, linear) : (.broken, weak)
  }
}
