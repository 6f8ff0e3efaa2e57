import Checkpoints
import Merging
import Reporting

/// The verdict on the origin of models in words with figures.
struct OriginWords {
  private let verdict: OriginVerdict
  private let names: [String]

  /// The names of base and models, in the order of the verdict's cosines.
  init(_ verdict: OriginVerdict, names: [String]) {
    self.verdict = verdict
    self.names = names
  }

  /// Why, with the cosines that decide.
  var reason: String {
    let rule =
      "from \(Figures.short(OriginVerdict.same)) on weights share an origin, up to "
      + "\(Figures.short(OriginVerdict.different)) they don't"
    guard let least = pairs.min(by: { $0.cosine < $1.cosine }) else {
      return "there is no weight with two axes to compare"
    }
    return
      "the farthest apart, \(shown(names[least.i])) and \(shown(names[least.j])), have the cosine "
      + "\(Figures.short(least.cosine)); " + rule
  }

  private var pairs: [(i: Int, j: Int, cosine: Double)] {
    verdict.cosines.indices.flatMap { j in
      (0..<j).compactMap { i in verdict.cosines[i][j].map { (i, j, $0) } }
    }
  }
}
