package import Checkpoints
internal import Networks
internal import Reporting

/// All pairs of models half-way: which can be merged with which, and whether CTL is transitive among them.
package struct MatrixMeasurement {
  /// As many networks run side by side at most; more pairs take further passes.
  private static let mostNetworks = 24

  let session: ProbeSession

  /// A measurement of all models of a session.
  package init(_ session: ProbeSession) {
    self.session = session
  }

  /// What is known of a pair.
  private struct Found {
    var pair: MatrixReport.Pair
    var layers: [Double?]
  }

  /// Measures.
  ///
  /// - Throws: ``CheckpointError`` where files can't be read, or a model can't be computed.
  package func run() throws(CheckpointError) -> MatrixReport {
    let count = session.sources.count
    let pairs = (0..<count).flatMap { a in (a + 1..<count).map { (a, $0) } }
    let step = max(1, Self.mostNetworks - count)
    var found: [Found] = []
    var warnings: [String] = []
    for first in stride(from: 0, to: pairs.count, by: step) {
      let (some, noted) = try measure(Array(pairs[first..<min(first + step, pairs.count)]))
      found += some
      warnings += noted.filter { !warnings.contains($0) }
    }
    let names = session.models.map(\.checkpoint.file.name)
    let plan = try NetworkPlan(
      session.graph, inputShapes: session.inputShapes, splitting: .output)
    let points = plan.points.filter { session.measures($0) }
    let numbered = Dictionary(
      uniqueKeysWithValues: zip(pairs.map { $0.0 * count + $0.1 }, found.map(\.pair)))
    let groups = Self.groups(count, pairs, found.map { $0.pair.grade == .linear })
    return MatrixReport(
      header: try session.header("matrix", warnings: warnings), names: names,
      pairs: found.map(\.pair),
      layers: points.enumerated().map { place, point in
        MatrixReport.Layer(
          name: point.name, kind: point.kind, oneMinusCos: found.map { $0.layers[place] })
      },
      transitivity: transitivity(names, numbered),
      groups: groups.map { group in group.map { names[$0] } },
      verdict: verdict(names, found.map(\.pair), groups))
  }

  private func measure(
    _ pairs: [(Int, Int)]
  ) throws(CheckpointError) -> (found: [Found], warnings: [String]) {
    let count = session.sources.count
    let names = session.models.map(\.checkpoint.file.name)
    let kernels = try session.kernels(.output, networks: count + pairs.count)
    let (networks, warnings) = try session.networks(
      (0..<count).map { .source($0) } + pairs.map { .interpolation($0.0, $0.1, alpha: 0.5) },
      names: names + pairs.map { "\(names[$0.0]) and \(names[$0.1]) half-way" }, kernels)
    let halves = pairs.map { LinearForm.interpolation($0.0, $0.1, alpha: 0.5) }
    var survey = LayerSurvey(
      session, kernels.plan, streams: networks.count,
      halves.enumerated().map { FeatureComparison(measured: .stream(count + $0), reference: $1) })
    var scores = OutputScores(
      session, kernels.plan,
      constructions: pairs.indices.map { .stream(count + $0) } + halves,
      pairings: pairs.indices.map { .init($0, pairs.count + $0) })
    try DataPass(session: session, lockstep: Lockstep(kernels, networks: networks)).run(
      points: survey.includes
    ) { place, visit throws(CheckpointError) in
      try survey.add(visit, place)
    } conclude: { place, logits throws(CheckpointError) in
      try scores.add(logits, place)
    }
    let found = try pairs.enumerated().map { place, pair throws(CheckpointError) in
      let logits = try survey.logits(place, file: nil)
      let agreement = scores.comparisons.agreement(place, pairs.count + place)
      return Found(
        pair: MatrixReport.Pair(
          a: names[pair.0], b: names[pair.1], oneMinusCos: logits?.oneMinusCos?.mean ?? .nan,
          coef: logits?.coef?.mean ?? .nan, agreement: agreement,
          accuracy: scores.score(place, file: nil)?.accuracy,
          ensembleAccuracy: scores.score(pairs.count + place, file: nil)?.accuracy,
          grade: logits.map { Grading().grade($0, agreement: agreement) } ?? .broken),
        layers: try survey.closeness(place, file: nil).map { $0.closeness.oneMinusCos?.mean })
    }
    return (found, warnings)
  }

  /// For each triple, with each member in the middle, how far the ends are beyond both steps; worst first.
  private func transitivity(
    _ names: [String], _ pairs: [Int: MatrixReport.Pair]
  ) -> [MatrixReport.Transitivity] {
    let count = names.count
    func pair(_ a: Int, _ b: Int) -> MatrixReport.Pair? { pairs[min(a, b) * count + max(a, b)] }
    var result: [MatrixReport.Transitivity] = []
    for i in 0..<count {
      for k in i + 1..<count {
        for j in 0..<count where j != i && j != k {
          guard let whole = pair(i, k), let first = pair(i, j), let second = pair(j, k) else {
            continue
          }
          result.append(
            MatrixReport.Transitivity(
              i: names[i], j: names[j], k: names[k],
              excess: whole.oneMinusCos - max(first.oneMinusCos, second.oneMinusCos),
              isViolated: first.grade == .linear && second.grade == .linear
                && whole.grade != .linear))
        }
      }
    }
    return result.sorted { ($1.isViolated ? 1 : 0, $1.excess) < ($0.isViolated ? 1 : 0, $0.excess) }
  }

  /// Single linkage: models that a chain of linear pairs holds together.
  static func groups(_ count: Int, _ pairs: [(Int, Int)], _ areLinear: [Bool]) -> [[Int]] {
    var group = Array(0..<count)
    for (pair, isLinear) in zip(pairs, areLinear) where isLinear {
      let (kept, merged) = (min(group[pair.0], group[pair.1]), max(group[pair.0], group[pair.1]))
      for place in group.indices where group[place] == merged { group[place] = kept }
    }
    return Set(group).sorted().map { number in group.indices.filter { group[$0] == number } }
  }

  private func verdict(
    _ names: [String], _ pairs: [MatrixReport.Pair], _ groups: [[Int]]
  ) -> Verdict {
    let worst = pairs.max { ($0.grade, $0.oneMinusCos) < ($1.grade, $1.oneMinusCos) }
    let grade = worst?.grade ?? .linear
    let linear = pairs.count { $0.grade == .linear }
    var reason = "\(linear) of \(pairs.count) pairs are linear"
    if let worst, grade > .linear {
      reason +=
        "; worst are \(worst.a) and \(worst.b) with 1 - cos \(Figures.short(worst.oneMinusCos))"
    }
    let largest = groups.max { $0.count < $1.count } ?? []
    var advice: [String] = []
    if groups.count > 1, largest.count > 1 {
      advice.append("Make a soup of \(largest.map { names[$0] }.joined(separator: ", ")).")
    } else if groups.count == pairs.count || largest.count < 2 {
      advice.append("None of these models can be merged with another; look for a common start.")
    }
    return Verdict(model: grade, reason: reason, advice: advice)
  }
}
