import Checkpoints
import Recipes

/// Makes the method that a recipe's settings describe.
struct MethodFactory {
  private let settings: MergeSettings
  private let sources: [[String: ParameterValue]]

  init(_ settings: MergeSettings) {
    self.settings = settings
    sources = Array(settings.perSource.dropFirst(settings.hasBase ? 1 : 0))
  }

  /// The method.
  ///
  /// - Parameter compatibility: Whose formulas and guards it uses.
  /// - Returns: The method for the operands of the settings.
  /// - Throws: ``CheckpointError`` where parameters don't fit, or the method isn't for recipes.
  func method(_ compatibility: Compatibility) throws(CheckpointError) -> any MergeMethod {
    guard let name = settings.method else { return try Passthrough(sourceCount: 1) }
    if let verb = ConsensusVerb(rawValue: name) {
      return try consensus(ConsensusSettings(verb, compatibility))
    }
    let count = sources.count
    switch name {
    case "linear":
      return try Soup(
        sourceCount: count, weights: try numbers("weight") ?? ones, isNormalized: truth("normalize")
      )
    case "interpolate": return try Interpolation(alpha: try number("alpha"))
    case "task-arithmetic", "negate":
      var settings = ConsensusSettings(.dareLinear, compatibility)
      settings.name = name
      settings.sparsifier = .nothing
      settings.rescaling = .none
      return try consensus(settings, sign: name == "negate" ? -1 : 1)
    case "passthrough":
      return try Passthrough(scale: try numbers("scale")?.first ?? 1, sourceCount: count)
    case "ema": return try MovingAverage(decay: try number("decay"), sourceCount: count)
    case "slerp":
      return try Slerp(t: try number("t"), sourceCount: count, compatibility: compatibility)
    case "nuslerp":
      return try NuSlerp(
        weights: try numbers("weight"), hasBase: settings.hasBase, sourceCount: count,
        flatten: truth("flatten"), rowWise: truth("row_wise"), compatibility: compatibility)
    case "multislerp":
      return try MultiSlerp(
        weights: try numbers("weight"), isNormalized: truth("normalize_weights"),
        hasBase: settings.hasBase, sourceCount: count, compatibility: compatibility)
    case "karcher":
      return try Karcher(
        weights: nil, sourceCount: count, maximumSteps: integer("max_iter"),
        tolerance: value("tol")?.number, compatibility: compatibility)
    case "model-stock":
      return try ModelStock(
        sourceCount: count, filterWise: truth("filter_wise"), compatibility: compatibility)
    case "geometric-median":
      return try GeometricMedian(
        weights: try numbers("weight"), sourceCount: count,
        maximumSteps: integer("max_iter") ?? 1000, tolerance: value("tol")?.number ?? 1e-14)
    case "sce":
      return try SCE(
        selecting: try number("select_topk"), sourceCount: count, compatibility: compatibility)
    case "nearswap":
      return try NearSwap(t: try number("t"), sourceCount: count, compatibility: compatibility)
    case "arcee-fusion":
      return try ArceeFusion(sourceCount: count, compatibility: compatibility)
    case "ram": return try RAM(epsilon: try number("epsilon"))
    case "ramplus-tl":
      return try RAMPlusTL(
        epsilon: try number("epsilon"), r: try number("r"), alpha: try number("alpha"))
    case "fisher": return try FisherMean(weights: try numbers("weight"), sourceCount: count)
    case "regmean":
      return try RegressionMean(alpha: value("alpha")?.number ?? 0.9, sourceCount: count)
    default:
      throw CheckpointError(
        .usage, subject: "method \(name)", fact: "can't be used in a recipe",
        remedy: "use the verb: ctl-merge \(name)")
    }
  }

  private var ones: [Double] { [Double](repeating: 1, count: sources.count) }

  private func consensus(
    _ defaults: ConsensusSettings, sign: Double = 1
  ) throws(CheckpointError) -> any MergeMethod {
    var chosen = defaults
    chosen.weights = try numbers("weight")
    if let density = try numbers("density") { chosen.density = density }
    if let lambda = value("lambda")?.number { chosen.lambda = lambda * sign }
    if let normalize = value("normalize")?.truth { chosen.isNormalized = normalize }
    if case .text(let how) = value("rescale"), let rescaling = Rescaling(rawValue: how) {
      chosen.rescaling = rescaling
    }
    if case .text(let scope) = value("trim"), let scope = Sparsifier.Scope(rawValue: scope) {
      chosen.sparsifier = .magnitude(scope)
    }
    if let gamma = try numbers("gamma"), case .band = chosen.sparsifier {
      chosen.sparsifier = .band(gamma: gamma)
    }
    if let epsilon = try numbers("epsilon"), case .rankedBernoulli(_, let rule) = chosen.sparsifier
    {
      chosen.sparsifier = .rankedBernoulli(epsilon: epsilon, rule)
    }
    if let seed = integer("seed") { chosen.seed = UInt64(clamping: seed) }
    if let isWeighted = value("sign_weights")?.truth { chosen.election?.isWeighted = isWeighted }
    if chosen.sparsifier == .nothing { chosen.density = [1] }
    return try Consensus(chosen, sourceCount: sources.count)
  }

  private func value(_ name: String) -> ParameterValue? { settings.parameters[name] }

  private func truth(_ name: String) -> Bool { value(name)?.truth ?? false }

  private func integer(_ name: String) -> Int? {
    value(name)?.number.flatMap { Int(exactly: $0) }
  }

  /// A number that the catalogue requires or has a default for.
  private func number(_ name: String) throws(CheckpointError) -> Double {
    if let number = value(name)?.number { return number }
    throw CheckpointError(.usage, subject: "parameter \(name)", fact: "is missing")
  }

  /// One number a source; nil where no source has one.
  private func numbers(_ name: String) throws(CheckpointError) -> [Double]? {
    let found = sources.map { $0[name]?.number }
    let known = found.compactMap(\.self)
    if known.isEmpty { return nil }
    guard known.count == sources.count else {
      throw CheckpointError(
        .usage, subject: "parameter \(name)", fact: "is given for some sources only",
        remedy: "give it for each, or for the merge as a whole")
    }
    return known
  }
}
