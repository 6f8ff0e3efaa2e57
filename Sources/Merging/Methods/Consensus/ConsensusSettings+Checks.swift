import Checkpoints
import Recipes

extension ConsensusSettings {
  /// Checks that the parameters make sense for a number of sources.
  func check(sourceCount: Int) throws(CheckpointError) {
    if let weights { try checkCount(weights, of: "--weights", against: sourceCount) }
    try checkFinite(lambda, of: "--lambda")
    try checkShares(density, of: "--density", sourceCount)
    switch sparsifier {
    case .nothing, .magnitude, .bernoulli: break
    case .band(let gamma): try checkShares(gamma, of: "--gamma", sourceCount)
    case .rankedBernoulli(let epsilon, let rule):
      try checkShares(epsilon, of: "--epsilon", sourceCount)
      for (density, epsilon) in zip(
        spread(density, to: sourceCount), spread(epsilon, to: sourceCount))
      where density > 0 && density < 1 {
        try checkWindow(density, epsilon, rule)
      }
    }
    let sum = (weights ?? []).reduce(0, +)
    if isNormalized, election == nil, weights != nil, sum == 0 {
      throw CheckpointError(
        .usage, subject: "--weights", fact: "sum to 0, so they can't be normalised",
        remedy: "use --no-normalize to take them as they are")
    }
  }

  private func checkShares(
    _ values: [Double], of option: String, _ sourceCount: Int
  ) throws(CheckpointError) {
    if values.count != 1 { try checkCount(values, of: option, against: sourceCount) }
    guard let odd = values.first(where: { !(0...1).contains($0) }) else { return }
    throw CheckpointError(
      .usage, subject: option, fact: "holds \(odd)", remedy: "give a share from 0 to 1")
  }

  /// Probabilities must stay between 0 and 1 at both ends of the window.
  private func checkWindow(
    _ density: Double, _ epsilon: Double, _ rule: Sparsifier.RankRule
  ) throws(CheckpointError) {
    let half = rule == .paper ? epsilon / 2 : epsilon
    let (low, high) = (density - half, density + half)
    let fits = rule == .paper ? low >= 0 && high <= 1 : low > 0 && high < 1
    if fits { return }
    throw CheckpointError(
      .usage, subject: "--epsilon", fact: "takes probabilities from \(low) to \(high)",
      remedy:
        "choose it so that --density ± \(rule == .paper ? "half of it" : "it") stays in (0, 1)")
  }

  /// The parameters as text.
  var parameters: [Parameter] {
    var all = [
      Parameter("weights", weights.map(listed) ?? "uniform"), Parameter("density", listed(density)),
    ]
    switch sparsifier {
    case .nothing: break
    case .magnitude(let scope): all.append(Parameter("trim", scope.rawValue))
    case .bernoulli: all.append(Parameter("seed", "\(seed)"))
    case .rankedBernoulli(let epsilon, _):
      all += [Parameter("epsilon", listed(epsilon)), Parameter("seed", "\(seed)")]
    case .band(let gamma): all.append(Parameter("gamma", listed(gamma)))
    }
    all += [
      Parameter("rescale", rescaling.rawValue), Parameter("normalize", "\(isNormalized)"),
      Parameter("lambda", "\(lambda)"), Parameter("compat", compatibility.rawValue),
    ]
    if let election { all.append(Parameter("sign-weights", "\(election.isWeighted)")) }
    return all
  }
}
