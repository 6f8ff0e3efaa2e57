import Probing
import Testing

/// Against NumPy's long double, on the same features.
@Suite("Agreement with NumPy")
struct NumPyAgreementTests {
  private func form(_ factors: [Double]) -> LinearForm {
    let terms = factors.enumerated().map { $1 * LinearForm.stream($0) }
    return terms.dropFirst().reduce(terms[0], +)
  }

  private func isNear(
    _ summary: Summary?, _ expected: MetricVectors.Distribution, _ tolerance: Double
  )
    -> Bool
  {
    guard let s = summary else { return false }
    return zip(
      [s.mean, s.std, s.p5, s.p25, s.p50, s.p75, s.p95],
      [
        expected.mean, expected.std, expected.p5, expected.p25, expected.p50, expected.p75,
        expected.p95,
      ]
    ).allSatisfy { ($0 - $1).magnitude <= tolerance * max($1.magnitude, 1e-5) }
  }

  @Test("every figure of a layer's comparisons, to 1e-10 or 1e-15")
  func features() throws {
    let vectors = try MetricVectors.read().features
    var comparisons = LayerComparisons(
      streams: 3,
      comparisons: vectors.comparisons.map {
        .init(measured: form($0.measured), reference: form($0.reference))
      } + [.fit(2, 0, 1)], norms: [.stream(2)])
    try FeatureBench.add(vectors.streams, width: vectors.width, to: &comparisons, batch: 4)
    for (number, expected) in vectors.comparisons.enumerated() {
      let result = try comparisons.closeness(number)
      #expect(isNear(result.oneMinusCos, expected.oneMinusCos, 1e-10), "\(number)")
      #expect(isNear(result.coef, expected.coef, 1e-11), "\(number)")
      #expect(isNear(result.relativeError, expected.relativeError, 1e-10), "\(number)")
      #expect(isNearly(result.globalOneMinusCos, expected.globalOneMinusCos, 1e-11))
      #expect(isNearly(result.globalCoef, expected.globalCoef, 1e-11))
    }
    let fit = try comparisons.fit(vectors.comparisons.count, merged: .stream(2))
    #expect(isNearly(fit?.alpha, vectors.fit.alpha, 1e-12))
    #expect(isNearly(fit?.residual, vectors.fit.residual, 1e-12))
  }

  @Test("accuracy, loss, agreement and certified share of logits with ties")
  func outputs() throws {
    let vectors = try MetricVectors.read().outputs
    let labels = vectors.labels
    var whole = OutputComparisons(
      task: .classes(4),
      constructions: [.stream(0), .stream(2), .interpolation(0, 1, alpha: 0.5)],
      pairings: [.init(1, 2)], certificates: [.init(measured: 1, reference: 2)])
    whole.add(vectors.streams, samples: labels.count, targets: .labels(labels))
    for construction in 0..<3 {
      let score = whole.score(construction)
      let share = Double(vectors.right[construction]) / Double(labels.count)
      #expect(score?.accuracy == share)
      #expect(isNearly(score?.loss, vectors.losses[construction], 1e-14))
    }
    #expect(whole.agreement(1, 2) == vectors.agreement)
    #expect(whole.certified(0) == vectors.certified && vectors.certified > 0)
  }

  @Test("the moments of channels, to 1e-13, and the same bits however rows are cut")
  func moments() throws {
    let vectors = try MetricVectors.read().moments
    func gathered(_ cuts: [Int], _ parallel: ParallelLoop) -> ChannelMoments {
      var result = ChannelMoments(channels: 3)
      var start = 0
      for end in cuts + [50] {
        let part = Array(vectors.values[3 * start..<3 * end])
        unsafe part.withUnsafeBufferPointer { unsafe result.add($0, parallel: parallel) }
        start = end
      }
      return result
    }
    let whole = gathered([], FeatureBench.inTurn)
    for channel in 0..<3 {
      #expect(isNearly(whole.means[channel], vectors.means[channel], 1e-15))
      #expect(isNearly(whole.variances[channel], vectors.variances[channel], 1e-13))
    }
    for cuts in [[1], [7, 8, 40], [0, 49]] {
      let cut = gathered(cuts, FeatureBench.onTwoThreads)
      #expect(cut.means == whole.means && cut.variances == whole.variances && cut.rows == 50)
    }
  }

  @Test("distances and cosines of close weights, to 1e-12, tensor by tensor")
  func weights() throws {
    let vectors = try MetricVectors.read().weights
    var geometry = WeightGeometry()
    for part in [0..<9, 9..<30] {
      geometry.add(
        vectors.a.span.extracting(part), vectors.b.span.extracting(part),
        base: vectors.base.span.extracting(part))
    }
    let result = geometry.weights
    #expect(result.parameters == 30)
    #expect(isNearly(result.distance, vectors.distance, 1e-14))
    #expect(isNearly(result.relativeDistance, vectors.relativeDistance, 1e-14))
    #expect(isNearly(result.cosine, vectors.cosine, 1e-15))
    #expect(isNearly(result.taskVectorCosine, vectors.taskVectorCosine, 1e-12))
  }

  @Test("McNemar's exact p-value, to 1e-10")
  func paired() throws {
    for expected in try MetricVectors.read().paired {
      let outcomes = PairedOutcomes(
        samples: 20_000, onlyFirst: expected.first, onlySecond: expected.second)
      #expect(isNearly(outcomes.pValue, expected.p, 1e-10), "\(expected)")
    }
  }
}
