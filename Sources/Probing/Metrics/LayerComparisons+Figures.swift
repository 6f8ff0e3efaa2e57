package import Checkpoints

extension LayerComparisons {
  /// How measured and reference features of a comparison agree.
  ///
  /// - Parameters:
  ///   - comparison: Its number, in the order given at the beginning.
  ///   - file: The number of a data file; nil for all samples.
  /// - Returns: The distributions over samples, the figures over all of them as one vector, and counts.
  /// - Throws: ``CheckpointError`` where rows can't be read again.
  package func closeness(_ comparison: Int, file: Int? = nil) throws(CheckpointError) -> Closeness {
    let figures = try self.figures(comparison, file: file)
    func summary(
      _ measure: (SampleAgreement) -> Double
    ) throws(CheckpointError) -> Summary? {
      try Summary { body throws(CheckpointError) in
        try forEach(comparison, file: file) { if $0.isUsable { body(measure($0)) } }
      }
    }
    return Closeness(
      oneMinusCos: try summary(\.c), coef: try summary(\.coef),
      relativeError: try summary(\.relativeError),
      globalOneMinusCos: figures.globalOneMinusCos, globalCoef: figures.globalCoef,
      samples: figures.usable, zeroNorm: figures.bothZero + figures.oneZero,
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
  /// - Throws: ``CheckpointError`` where rows can't be read again.
  package func fit(
    _ comparison: Int, merged: LinearForm, file: Int? = nil
  ) throws(CheckpointError) -> LinearityReport.Fit? {
    let figures = try self.figures(comparison, file: file)
    guard figures.referenceNorm > 0 else { return nil }
    var squares = CompensatedSum()
    try rows.forEach([column(merged)], file: file) { norm in
      if norm[0].isFinite { squares.add(norm[0] * norm[0]) }
    }
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
  ///
  /// - Throws: ``CheckpointError`` where rows can't be read again.
  package func normRatio(
    _ u: LinearForm, to v: LinearForm, file: Int? = nil
  ) throws(CheckpointError) -> Summary? {
    try Summary { body throws(CheckpointError) in
      try rows.forEach([column(u), column(v)], file: file) { norms in
        if norms[0].isFinite && norms[1].isFinite && norms[1] > 0 { body(norms[0] / norms[1]) }
      }
    }
  }

  private func figures(_ comparison: Int, file: Int?) throws(CheckpointError) -> ComparisonFigures {
    try ComparisonFigures { body throws(CheckpointError) in
      try forEach(comparison, file: file, body)
    }
  }

  /// A comparison, sample by sample.
  private func forEach(
    _ comparison: Int, file: Int?, _ body: (SampleAgreement) -> Void
  ) throws(CheckpointError) {
    let entry = plan.entries[comparison]
    let norms = plan.entries.count
    let columns = [comparison, norms + entry.measured, norms + entry.reference]
    try rows.forEach(columns, file: file) { values in
      body(SampleAgreement(c: values[0], a: values[1], b: values[2]))
    }
  }

  /// Where a form's norm stands in a row.
  private func column(_ form: LinearForm) -> Int {
    guard let number = plan.forms.firstIndex(of: form) else {
      preconditionFailure("the norm of a form that wasn't kept")
    }
    return plan.entries.count + number
  }
}
