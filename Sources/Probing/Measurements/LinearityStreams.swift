internal import Networks

/// The networks of a linearity run, their numbers, and what is compared with what.
///
/// Networks 0 and 1 are the sources; then come the merged ones, one for each alpha, and, where the
/// second-order term is measured, two beside the middle.
struct LinearityStreams {
  /// Half the distance, in alpha, of the points of the second difference: small enough for the term of
  /// the fourth order to be small, great enough not to drown in the rounding of Float32.
  private static let curvatureStep = 0.125

  /// How each network is made of the sources.
  private(set) var formulas: [ModelFormula] = [.source(0), .source(1)]
  /// What each is called in messages.
  private(set) var names = ["the first model", "the second model"]
  /// The merged models' numbers.
  private(set) var merged: [Int] = []
  /// The alpha of each merged model.
  private(set) var alphas: [Double] = []
  /// For a merged file without a given alpha: each point's own alpha.
  var fittedAlphas: [Double] = []
  /// The numbers of the models at alpha 1/2 + h, 1/2 and 1/2 - h.
  private(set) var curvature: [Int] = []

  init(_ settings: LinearityMeasurement.Settings) {
    if settings.hasMerged {
      merged = [add(.source(2), "the merged model")]
      alphas = [settings.mergedAlpha ?? .nan]
    } else {
      for alpha in settings.alphas {
        merged.append(add(.interpolation(0, 1, alpha: alpha), "alpha \(alpha)"))
        alphas.append(alpha)
      }
    }
    guard settings.measuresCurvature else { return }
    for alpha in [0.5 + Self.curvatureStep, 0.5, 0.5 - Self.curvatureStep] {
      if let known = alphas.firstIndex(of: alpha) {
        curvature.append(merged[known])
      } else {
        curvature.append(add(.interpolation(0, 1, alpha: alpha), "alpha \(alpha)"))
      }
    }
  }

  private mutating func add(_ formula: ModelFormula, _ name: String) -> Int {
    formulas.append(formula)
    names.append(name)
    return formulas.count - 1
  }

  /// The alpha of a merged model at a point.
  func alpha(_ place: Int, point: Int) -> Double {
    guard alphas[place].isNaN else { return alphas[place] }
    return fittedAlphas[point]
  }

  /// The comparisons at a layer's output, in the order in which ``LayerGathering`` reads them: the sources
  /// with each other; for each merged model its features with the interpolated ones, the first's and the
  /// second's; for each local stream its features with the interpolated ones; for each merged model the
  /// deviation with its second-order term.
  func outputs(point: Int, hasLocal: Bool, archive: RowArchive) -> LayerComparisons {
    var comparisons = [FeatureComparison(measured: .stream(0), reference: .stream(1))]
    for (place, number) in merged.enumerated() {
      let interpolated = LinearForm.interpolation(0, 1, alpha: alpha(place, point: point))
      comparisons.append(FeatureComparison(measured: .stream(number), reference: interpolated))
      comparisons.append(FeatureComparison(measured: .stream(number), reference: .stream(0)))
      comparisons.append(FeatureComparison(measured: .stream(number), reference: .stream(1)))
    }
    if hasLocal { comparisons += constructed(point: point) }
    let secondOrder = merged.indices.map { deviation($0, point: point) }
    if !curvature.isEmpty { comparisons += secondOrder }
    return LayerComparisons(
      streams: formulas.count + (hasLocal ? merged.count : 0), comparisons: comparisons,
      norms: curvature.isEmpty ? [] : secondOrder.flatMap { [$0.measured, $0.reference] },
      archive: archive)
  }

  /// For each local stream its values with the interpolation of the sources'.
  func constructions(point: Int, archive: RowArchive) -> LayerComparisons {
    LayerComparisons(
      streams: formulas.count + merged.count, comparisons: constructed(point: point),
      archive: archive)
  }

  private func constructed(point: Int) -> [FeatureComparison] {
    merged.indices.map { place in
      FeatureComparison(
        measured: .stream(formulas.count + place),
        reference: .interpolation(0, 1, alpha: alpha(place, point: point)))
    }
  }

  /// `f_alpha - f_int` against `-1/2 alpha (1 - alpha) d^2 f / d Delta^2`.
  func deviation(_ place: Int, point: Int) -> FeatureComparison {
    let alpha = alpha(place, point: point)
    let step = Self.curvatureStep
    let measured =
      LinearForm.stream(merged[place]) - .interpolation(0, 1, alpha: alpha)
    guard curvature.count == 3 else {
      return FeatureComparison(measured: measured, reference: measured)
    }
    let second =
      LinearForm.stream(curvature[0]) + -2 * .stream(curvature[1]) + .stream(curvature[2])
    return FeatureComparison(
      measured: measured, reference: (-0.5 * alpha * (1 - alpha) / (step * step)) * second)
  }
}
