/// The figures of a comparison over the samples of one data file or of all.
struct ComparisonFigures {
  var oneMinusCos: [Double] = []
  var coef: [Double] = []
  var relativeError: [Double] = []
  var bothZero = 0
  var oneZero = 0
  var nonFinite = 0
  /// |u| and |v| over all finite samples as one vector; 1 - cos of the two, nil where one is zero.
  private(set) var measuredNorm = 0.0
  private(set) var referenceNorm = 0.0
  private(set) var globalOneMinusCos: Double?

  /// <u, v> / |v|^2 over all finite samples as one vector.
  var globalCoef: Double? {
    globalOneMinusCos.map { (1 - $0) * measuredNorm / referenceNorm }
  }

  /// Takes the samples: 1 - cos, |u| and |v| of each.
  ///
  /// Over all samples, with a and b the samples' norms, U and V the roots of the sums of their squares,
  ///
  ///     1 - cos = 1/2 sum (a/U - b/V)^2 + sum a b (1 - cos_sample) / (U V)
  ///
  /// which is a sum of what is never negative, so that nothing cancels.
  init(_ samples: [(c: Double, a: Double, b: Double)]) {
    var (squaresOfA, squaresOfB) = (CompensatedSum(), CompensatedSum())
    for (c, a, b) in samples {
      guard a.isFinite && b.isFinite else {
        nonFinite += 1
        continue
      }
      squaresOfA.add(a * a)
      squaresOfB.add(b * b)
      guard a > 0 && b > 0 else {
        if a == b { bothZero += 1 } else { oneZero += 1 }
        continue
      }
      oneMinusCos.append(c)
      coef.append((1 - c) * (a / b))
      relativeError.append(((a - b) * (a - b) + 2 * a * b * c).squareRoot() / b)
    }
    (measuredNorm, referenceNorm) = (squaresOfA.value.squareRoot(), squaresOfB.value.squareRoot())
    guard measuredNorm > 0 && referenceNorm > 0 else { return }
    var sum = CompensatedSum()
    for (c, a, b) in samples where a.isFinite && b.isFinite {
      let (x, y) = (a / measuredNorm, b / referenceNorm)
      sum.add((x - y) * (x - y) / 2)
      if x > 0 && y > 0 { sum.add(x * y * c) }
    }
    globalOneMinusCos = sum.value
  }
}

extension LayerComparisons {
  /// How measured and reference features of a comparison agree.
  ///
  /// - Parameters:
  ///   - comparison: Its number, in the order given at the beginning.
  ///   - file: The number of a data file; nil for all samples.
  /// - Returns: The distributions over samples, the figures over all of them as one vector, and counts.
  package func closeness(_ comparison: Int, file: Int? = nil) -> Closeness {
    let figures = self.figures(comparison, file: file)
    return Closeness(
      oneMinusCos: Summary(samples: figures.oneMinusCos), coef: Summary(samples: figures.coef),
      relativeError: Summary(samples: figures.relativeError),
      globalOneMinusCos: figures.globalOneMinusCos, globalCoef: figures.globalCoef,
      samples: figures.oneMinusCos.count, zeroNorm: figures.bothZero + figures.oneZero,
      oneZero: figures.oneZero, nonFinite: figures.nonFinite)
  }

  /// The least-squares alpha of `merged ~ alpha a + (1 - alpha) b` over all samples and what it leaves
  /// unexplained; nil where a and b, or the merged features, are all zero apart.
  ///
  /// - Parameters:
  ///   - comparison: The number of a `FeatureComparison.fit`.
  ///   - merged: The form that is fitted, whose norm has been kept.
  ///   - file: The number of a data file; nil for all samples.
  /// - Returns: The alpha and the relative residual.
  package func fit(
    _ comparison: Int, merged: LinearForm, file: Int? = nil
  ) -> LinearityReport.Fit? {
    let figures = self.figures(comparison, file: file)
    guard figures.referenceNorm > 0 else { return nil }
    var squares = CompensatedSum()
    for norm in norms(merged, file: file) where norm.isFinite { squares.add(norm * norm) }
    let whole = squares.value.squareRoot()
    guard whole > 0 else { return nil }
    // |u - coef v| = |u| sin(u, v), and sin^2 = c (2 - c). Without u, the merged features are b.
    let c = figures.globalOneMinusCos ?? 0
    return LinearityReport.Fit(
      alpha: figures.globalCoef ?? 0,
      residual: figures.measuredNorm * (c * (2 - c)).squareRoot() / whole)
  }

  /// The distribution of |u| / |v| over the samples in which both are finite and v isn't zero; nil
  /// without such samples.
  package func normRatio(_ u: LinearForm, to v: LinearForm, file: Int? = nil) -> Summary? {
    Summary(
      samples: zip(norms(u, file: file), norms(v, file: file)).compactMap { a, b in
        a.isFinite && b.isFinite && b > 0 ? a / b : nil
      })
  }

  /// The figures of a comparison, sample by sample.
  func figures(_ comparison: Int, file: Int?) -> ComparisonFigures {
    let entry = plan.entries[comparison]
    let norms = plan.entries.count
    return ComparisonFigures(
      chosenRows(file).map { rows, start in
        (
          rows[start + comparison], rows[start + norms + entry.measured],
          rows[start + norms + entry.reference]
        )
      })
  }

  private func norms(_ form: LinearForm, file: Int?) -> [Double] {
    guard let number = plan.forms.firstIndex(of: form) else {
      preconditionFailure("the norm of a form that wasn't kept")
    }
    return chosenRows(file).map { rows, start in rows[start + plan.entries.count + number] }
  }

  private func chosenRows(_ file: Int?) -> [(rows: [Double], start: Int)] {
    let chosen = file.map { $0 < rows.count ? [rows[$0]] : [] } ?? rows
    return chosen.flatMap { rows in
      stride(from: 0, to: rows.count, by: plan.rowLength).map { (rows, $0) }
    }
  }
}
