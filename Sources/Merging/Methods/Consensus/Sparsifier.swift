import Checkpoints
import Kernels

/// Which elements of a task vector are kept; the others become zero.
///
/// Magnitudes are ordered descending, equal ones by ascending index, so that a count is kept exactly.
/// Random numbers are those of ``CounterRandom``.
package enum Sparsifier: Hashable, Sendable {
  /// Where magnitudes are compared.
  package enum Scope: String, CaseIterable, Sendable {
    /// In a tensor.
    case tensor
    /// In all tensors together.
    case global
  }

  /// How the probability of DELLA follows from the rank in a row.
  package enum RankRule: Hashable, Sendable {
    /// `p = d + ε/2 - (ε/m)·r` for rank r of m in a row along the last axis, 0 being the largest.
    case paper
    /// `p = (d - ε) + 2ε·(m-1-r)/(m-1)` in a row along the second axis.
    case mergekit
  }

  /// Everything is kept.
  case nothing
  /// The share `density` with the largest magnitudes (TIES).
  case magnitude(Scope)
  /// Each element with the probability `density` (DARE).
  case bernoulli
  /// Each element with a probability that falls with its rank in the row (DELLA).
  case rankedBernoulli(epsilon: [Double], RankRule)
  /// The share `density` below the largest, of which the share `gamma` is dropped (breadcrumbs).
  case band(gamma: [Double])
}

/// How many of `count` elements a share is: `⌊fl(share·count)⌋`.
func shareCount(_ share: Double, of count: Int) -> Int {
  Int((share * Double(count)).rounded(.down))
}

/// Which elements of one source's task vector are kept in one tensor.
enum Mask: Sendable {
  case everything
  case nothing
  /// The elements that rank above a cutoff, about a share `density`; the tensor's first element has
  /// the given index.
  case cutoff(Cutoff, firstIndex: Int, density: Double)
  /// The elements above one cutoff but not above the other.
  case band(kept: Cutoff, dropped: Cutoff, density: Double)
  case bernoulli(CounterRandom, density: Double)
  case rankedBernoulli(CounterRandom, RankProbabilities)

  /// Clears what isn't kept.
  ///
  /// - Parameters:
  ///   - values: Elements of the task vector; whole rows where ranks in a row matter.
  ///   - firstElement: The place of the first in the tensor.
  ///   - divides: Whether what is kept is divided by the share that is, or by its probability.
  func apply(to values: inout MutableSpan<Double>, firstElement: Int, divides: Bool) {
    switch self {
    case .everything: break
    case .nothing:
      for place in values.indices { values[place] = 0 }
    case .cutoff(let cutoff, let firstIndex, let density):
      cutoff.apply(to: &values, firstIndex: firstIndex + firstElement)
      if divides { LinearCombination.divide(&values, by: density) }
    case .band(let kept, let dropped, let density):
      kept.apply(to: &values, firstIndex: firstElement)
      for place in values.indices
      where dropped.keeps(values[place], at: firstElement + place) && values[place] != 0 {
        values[place] = 0
      }
      if divides { LinearCombination.divide(&values, by: density) }
    case .bernoulli(let random, let density):
      var numbers = [Double](repeating: 0, count: values.count)
      var span = numbers.mutableSpan
      random.fill(&span, from: firstElement)
      RandomMask.apply(to: &values, numbers: span.span, keeping: density)
      if divides { LinearCombination.divide(&values, by: density) }
    case .rankedBernoulli(let random, let ranks):
      let probabilities = ranks.probabilities(of: values.span)
      var numbers = [Double](repeating: 0, count: values.count)
      var span = numbers.mutableSpan
      random.fill(&span, from: firstElement)
      RandomMask.apply(
        to: &values, numbers: span.span, keeping: probabilities.span, rescaling: divides)
    }
  }
}
