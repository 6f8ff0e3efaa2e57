import Checkpoints
import Kernels

/// Whether models seem to come from one pretrained checkpoint, by the cosines of their weights.
///
/// Weights that were drawn independently are orthogonal up to 1/√n, whatever they were trained for:
/// their cosine is near 0, so |τ| / |b| is near √2, and two such task vectors have the cosine ½ with
/// each other because both contain -b. Finetuning moves a model by a fraction of its length: with
/// |τ| = r·|b| and lengths that stay the same, the cosine is 1 - r²/2. The cut at ½ is r = 1, where a
/// model is as far from its base as from zero; below 0.2 hardly anything of a common origin is left.
/// Between the two the answer is left open.
///
/// Only weights with two or more axes are looked at: scales and biases begin as ones and zeros in
/// every network. Units in another order make a copy look like another origin.
public struct OriginVerdict: Sendable {
  /// The answer.
  public enum Answer: String, Sendable {
    /// All come from one checkpoint: the base, if there is one.
    case yes
    /// The models come from one checkpoint, but the base isn't of the same origin.
    case otherBase = "other-base"
    /// Not all come from one checkpoint.
    case no
    /// The cosines don't tell.
    case unclear
  }

  /// A layer of a model that doesn't share the origin of the rest of it, such as a new head.
  public struct Replacement: Hashable, Sendable {
    /// The layer's name.
    public let layer: String
    /// The place of the model.
    public let model: Int
    /// Its cosine with the base, or with the first model where there is no base.
    public let cosine: Double
  }

  /// From this cosine on two models share an origin.
  public static let same = 0.5
  /// Up to this cosine they don't.
  public static let different = 0.2

  /// The answer.
  public let answer: Answer
  /// The cosines of the weights with one another; the base comes first where there is one.
  public let cosines: [[Double?]]
  /// Who shares an origin with whom, by places in `cosines`.
  public let groups: [[Int]]
  /// The layers that don't share the origin of the rest.
  public let replacements: [Replacement]

  /// Judges by the sums over all matrices, and over those of each layer.
  init(_ sums: GeometrySums, layers: [(name: String, sums: GeometrySums)]) {
    let cosines = OriginVerdict.cosines(of: sums)
    let places = cosines.indices
    func isSame(_ i: Int, _ j: Int) -> Bool {
      i == j || (cosines[i][j] ?? 0) >= OriginVerdict.same
    }
    var groups: [[Int]] = []
    for place in places {
      let near = groups.indices.filter { groups[$0].contains { isSame($0, place) } }
      let members = near.flatMap { groups[$0] } + [place]
      for group in near.reversed() { groups.remove(at: group) }
      groups.append(members.sorted())
    }
    groups.sort { ($0.first ?? 0) < ($1.first ?? 0) }
    let isOpen = places.contains { i in
      places.contains { j in
        guard i != j, let cosine = cosines[i][j] else { return i != j }
        return cosine < OriginVerdict.same && cosine > OriginVerdict.different
      }
    }
    if groups.count == 1 {
      answer = .yes
    } else if isOpen {
      answer = .unclear
    } else if sums.hasBase, groups.count == 2, groups[0] == [0], places.count > 2 {
      answer = .otherBase
    } else {
      answer = .no
    }
    self.cosines = cosines
    self.groups = groups
    let origin = groups.first ?? []
    replacements = layers.flatMap { layer in
      let own = OriginVerdict.cosines(of: layer.sums)
      return origin.dropFirst().compactMap { place -> Replacement? in
        guard origin[0] == 0, let cosine = own[0][place], cosine <= OriginVerdict.different else {
          return nil
        }
        return Replacement(
          layer: layer.name, model: place - (sums.hasBase ? 1 : 0), cosine: cosine)
      }
    }
  }

  /// The cosines of base and models: with a base the sums are of task vectors, x = b + τ.
  private static func cosines(of sums: GeometrySums) -> [[Double?]] {
    let gram = sums.all
    guard sums.hasBase else {
      return (0..<gram.count).map { i in (0..<gram.count).map { Angle(gram, i, $0)?.cosine } }
    }
    func product(_ i: Int, _ j: Int) -> Double {
      switch (i, j) {
      case (0, 0): gram[0, 0]
      case (0, let k), (let k, 0): gram[0, 0] + gram[0, k]
      default: gram[0, 0] + (gram[0, i] + gram[0, j]) + gram[i, j]
      }
    }
    let norms = (0..<gram.count).map { max(0, product($0, $0)).squareRoot() }
    return norms.indices.map { i in
      norms.indices.map { j in
        guard norms[i] > 0, norms[j] > 0 else { return nil }
        return i == j ? 1 : max(-1, min(1, product(i, j) / (norms[i] * norms[j])))
      }
    }
  }
}
