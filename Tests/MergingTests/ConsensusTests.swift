import Checkpoints
import TestSupport
import Testing

@testable import Merging
@testable import Recipes

/// The consensus methods against their definitions, written here element by element.
struct ConsensusTests {
  /// A base and three models whose differences are multiples of 1/64: sums are exact.
  private func models(_ count: Int) -> [[Double]] {
    var generator = SeededGenerator(seed: 8)
    let base = (0..<count).map { _ in Double(Int.random(in: -64...64, using: &generator)) / 64 }
    let tuned = (0..<3).map { _ in
      base.map { $0 + Double(Int.random(in: -9...9, using: &generator)) / 64 }
    }
    return [base] + tuned
  }

  private func merged(
    _ settings: ConsensusSettings, _ models: [[Double]], shape: [Int]? = nil
  ) throws -> [Double] {
    let workshop = try Workshop()
    let inputs = try models.enumerated().map { place, values in
      try workshop.checkpoint(
        "\(place)", [FlatTensor("w", values, type: .float64, shape: shape ?? [values.count])])
    }
    return try workshop.merge(
      MergeRecipe.Operation { (count) throws(CheckpointError) in
        try Consensus(settings, sourceCount: count)
      }, base: inputs[0], Array(inputs.dropFirst())
    ).values("w")
  }

  private func tasks(_ models: [[Double]]) -> [[Double]] {
    models.dropFirst().map { zip($0, models[0]).map { $0 - $1 } }
  }

  /// The largest by magnitude, equals by index.
  private func trimmed(_ values: [Double], keeping count: Int) -> [Double] {
    let order = values.indices.sorted {
      abs(values[$0]) != abs(values[$1]) ? abs(values[$0]) > abs(values[$1]) : $0 < $1
    }
    let kept = Set(order.prefix(count))
    return values.indices.map { kept.contains($0) ? values[$0] : 0 }
  }

  @Test(arguments: Compatibility.allCases)
  func tiesTrimsElectsAndAveragesWhatAgrees(compatibility: Compatibility) throws {
    let models = models(3001)
    var settings = ConsensusSettings(.ties, compatibility)
    settings.density = [0.3]
    settings.weights = [1, 0.5, 2]
    let kept = tasks(models).map { trimmed($0, keeping: 900) }
    let isWeighted = compatibility == .mergekit
    let expected = models[0].indices.map { place in
      let values = kept.map { $0[place] }
      let parts = zip(values, [1, 0.5, 2]).map { $0 * $1 }
      let vote = (isWeighted ? parts : values).reduce(0, +)
      let sign: Double = vote > 0 ? 1 : vote < 0 ? -1 : isWeighted ? 1 : 0
      let agreeing = parts.indices.filter { parts[$0] * sign > 0 }
      let sum = agreeing.reduce(0) { $0 + parts[$1] }
      let weight = agreeing.reduce(0) { $0 + [1, 0.5, 2][$1] }
      return models[0][place] + (weight > 0 ? sum / weight : 0)
    }
    #expect(try merged(settings, models) == expected)
  }

  @Test func globalTrimmingComparesAllTensors() throws {
    let workshop = try Workshop()
    let small = [FlatTensor("a", [0.0, 0, 0, 0]), FlatTensor("b", [0.0, 0, 0, 0])]
    let tuned = [FlatTensor("a", [1.0, 2, 3, 4]), FlatTensor("b", [5.0, 6, 7, 8])]
    let inputs = [try workshop.checkpoint("0", small), try workshop.checkpoint("1", tuned)]
    for (scope, a, b) in [
      (Sparsifier.Scope.global, [0.0, 0, 0, 0], [5.0, 6, 7, 8]),
      (.tensor, [0, 0, 3, 4], [0, 0, 7, 8]),
    ] {
      var settings = ConsensusSettings(.ties, .paper)
      settings.sparsifier = .magnitude(scope)
      settings.density = [0.5]
      let chosen = settings
      let merged = try workshop.merge(
        MergeRecipe.Operation { (count) throws(CheckpointError) in
          try Consensus(chosen, sourceCount: count)
        }, base: inputs[0], [inputs[1]])
      #expect(try merged.values("a") == a)
      #expect(try merged.values("b") == b)
    }
  }

  @Test func dareKeepsAboutItsShareAndTheMean() throws {
    let count = 40000
    let models = [[Double](repeating: 0, count: count), [Double](repeating: 1, count: count)]
    var settings = ConsensusSettings(.dareLinear, .paper)
    settings.density = [0.25]
    let first = try merged(settings, models)
    #expect(Set(first) == [0, 4])
    let mean = first.reduce(0, +) / Double(count)
    // Four standard deviations of the mean of Bernoulli variables: 4·√(0.25·0.75/40000)·4.
    #expect(abs(mean - 1) < 0.035)
    #expect(try merged(settings, models) == first)
    settings.seed = 1
    #expect(try merged(settings, models) != first)
  }

  @Test func breadcrumbsDropsBothEnds() throws {
    let models = [[Double](repeating: 0, count: 10), [1, -2, 3, -4, 5, -6, 7, -8, 9, -10]]
    var settings = ConsensusSettings(.breadcrumbs, .paper)
    settings.density = [0.5]
    settings.sparsifier = .band(gamma: [0.2])
    #expect(try merged(settings, models) == [0, 0, 0, -4, 5, -6, 7, -8, 0, 0])
  }

  @Test func dellaKeepsLargeElementsMoreOften() throws {
    let rows = 4000
    let row = [1.0, 2, 3, 4]
    let models = [
      [Double](repeating: 0, count: rows * 4), (0..<rows).flatMap { _ in row },
    ]
    var settings = ConsensusSettings(.dellaLinear, .paper)
    settings.density = [0.5]
    settings.sparsifier = .rankedBernoulli(epsilon: [0.8], .paper)
    settings.rescaling = .none
    let result = try merged(settings, models, shape: [rows, 4])
    for (column, probability) in [0.3, 0.5, 0.7, 0.9].enumerated() {
      let kept = (0..<rows).count { result[$0 * 4 + column] != 0 }
      #expect(abs(Double(kept) / Double(rows) - probability) < 0.035)
    }
  }

  @Test(arguments: ConsensusVerb.allCases, Compatibility.allCases)
  func densityOneOfOneModelIsTheModel(
    verb: ConsensusVerb, compatibility: Compatibility
  ) throws {
    let models = Array(models(500).prefix(2))
    var settings = ConsensusSettings(verb, compatibility)
    settings.density = [1]
    #expect(try merged(settings, models) == models[1])
    settings.density = [0]
    #expect(try merged(settings, models) == models[0])
  }

  @Test(arguments: [ConsensusVerb.ties, .breadcrumbs, .breadcrumbsTies])
  func orderOfSourcesMakesNoDifference(verb: ConsensusVerb) throws {
    let models = models(700)
    var settings = ConsensusSettings(verb, .paper)
    settings.density = [0.4]
    let permuted = [models[0], models[3], models[1], models[2]]
    #expect(try merged(settings, models) == merged(settings, permuted))
  }

  @Test func l1RescalingKeepsTheNorm() throws {
    let models = Array(models(4096).prefix(2))
    var settings = ConsensusSettings(.ties, .paper)
    settings.density = [0.3]
    settings.rescaling = .l1
    settings.sparsifier = .magnitude(.tensor)
    let result = try merged(settings, models)
    let norm = { (values: [Double]) in
      zip(values, models[0]).reduce(0) { $0 + abs($1.0 - $1.1) }
    }
    #expect(abs(norm(result) / norm(models[1]) - 1) < 1e-12)
  }

  @Test func parametersThatMakeNoSenseAreRefused() {
    var settings = ConsensusSettings(.ties, .paper)
    settings.density = [1.5]
    #expect(throws: CheckpointError.self) { try Consensus(settings, sourceCount: 2) }
    settings.density = [0.5, 0.5, 0.5]
    #expect(throws: CheckpointError.self) { try Consensus(settings, sourceCount: 2) }
    settings = ConsensusSettings(.dellaTies, .mergekit)
    settings.density = [0.1]
    #expect(throws: CheckpointError.self) { try Consensus(settings, sourceCount: 2) }
  }
}
