import Checkpoints
package import Recipes

/// What happens to what is kept of a task vector, so that its size stays.
package enum Rescaling: String, CaseIterable, Sendable {
  /// Nothing.
  case none
  /// It is divided by the ratio of the L1 norms after and before (mergekit).
  case l1
  /// It is divided by the probability with which an element is kept (DARE, DELLA).
  case inverse
}

/// How the sign of each element is elected: by the sign of the sum of the sources' elements.
///
/// Sources of the other sign, and of none, are left out at that element.
package struct Election: Hashable, Sendable {
  /// Whether the elements are weighted in the sum.
  package var isWeighted: Bool
  /// Whether a sum of zero elects the positive sign, or nobody.
  package var zeroIsPositive: Bool
}

/// The switches of the consensus methods: `sparsifier × rescaling × election × normalisation`.
package struct ConsensusSettings: Sendable {
  /// The verb.
  package var name: String
  /// What is kept of each task vector.
  package var sparsifier: Sparsifier
  /// The share of elements to keep: one for all sources, or one for each.
  package var density: [Double]
  /// What happens to what is kept.
  package var rescaling: Rescaling
  /// How signs are elected; nil where all elements count.
  package var election: Election?
  /// Whether the sum is divided by the weights of the sources that take part.
  package var isNormalized: Bool
  /// The weights; nil for 1 each.
  package var weights: [Double]?
  /// The factor λ of the merged task vector.
  package var lambda: Double
  /// The seed of random numbers.
  package var seed: UInt64
  /// Whose formulas and defaults these are.
  package var compatibility: Compatibility

  /// The settings of a verb, with its defaults where nothing else is said.
  package init(_ verb: ConsensusVerb, _ compatibility: Compatibility) {
    let isPaper = compatibility == .paper
    name = verb.rawValue
    weights = nil
    lambda = 1
    seed = 0
    self.compatibility = compatibility
    switch verb {
    case .ties:
      sparsifier = .magnitude(isPaper ? .global : .tensor)
      density = [isPaper ? 0.2 : 1]
      rescaling = .none
    case .dareLinear, .dareTies:
      sparsifier = .bernoulli
      density = [1]
      rescaling = isPaper ? .inverse : .l1
    case .dellaLinear, .dellaTies:
      sparsifier = .rankedBernoulli(epsilon: [0.15], isPaper ? .paper : .mergekit)
      density = [1]
      rescaling = isPaper ? .inverse : .l1
    case .breadcrumbs, .breadcrumbsTies:
      sparsifier = .band(gamma: [0.01])
      density = [1]
      rescaling = .none
    }
    let elects = verb.electsSigns
    election = elects ? Election(isWeighted: !isPaper, zeroIsPositive: !isPaper) : nil
    isNormalized = elects && (isPaper || verb == .ties || verb == .dellaTies)
  }
}

/// The consensus methods by the names that papers and mergekit give them.
package enum ConsensusVerb: String, CaseIterable, Sendable {
  /// Yadav et al., "TIES-Merging: Resolving interference when merging models", 2023.
  case ties
  /// Yu et al., "Language models are Super Mario: Absorbing abilities from homologous models as a
  /// free lunch", 2024.
  case dareLinear = "dare-linear"
  /// DARE's dropout, TIES's election.
  case dareTies = "dare-ties"
  /// Deep, Bhardwaj and Poria, "DELLA-Merging", 2024, without an election.
  case dellaLinear = "della-linear"
  /// DELLA as published.
  case dellaTies = "della-ties"
  /// Davari and Belilovsky, "Model Breadcrumbs: Scaling multi-task model merging with sparse masks",
  /// 2024.
  case breadcrumbs
  /// Breadcrumbs's masks, TIES's election.
  case breadcrumbsTies = "breadcrumbs-ties"

  /// Whether elements of the minority's sign are left out.
  package var electsSigns: Bool {
    switch self {
    case .ties, .dareTies, .dellaTies, .breadcrumbsTies: true
    case .dareLinear, .dellaLinear, .breadcrumbs: false
    }
  }
}
