import Checkpoints
import TestSupport
import Testing

@testable import Merging

/// Methods that weigh models by statistics of their data.
struct StatisticsTests {
  private let workshop: Workshop

  init() throws {
    workshop = try Workshop()
  }

  private static func fisher(_ weights: [Double]? = nil) -> MergeRecipe.Operation {
    MergeRecipe.Operation { (count) throws(CheckpointError) in
      try FisherMean(weights: weights, sourceCount: count)
    }
  }

  private static func regression(
    _ alpha: Double, weights: [Double]? = nil
  ) -> MergeRecipe.Operation {
    MergeRecipe.Operation { (count) throws(CheckpointError) in
      try RegressionMean(weights: weights, alpha: alpha, sourceCount: count)
    }
  }

  /// Checkpoints `name0`, `name1`, … with the single tensor `w`.
  private func files(
    _ name: String, _ values: [[Double]], shape: [Int]? = nil
  ) throws -> [Checkpoint] {
    try values.enumerated().map { place, values in
      try workshop.checkpoint(
        "\(name)\(place)",
        [FlatTensor("w", values, type: .float64, shape: shape ?? [values.count])])
    }
  }

  private func random(
    _ count: Int, seed: UInt64, in range: ClosedRange<Double> = -1...1
  ) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in .random(in: range, using: &generator) }
  }

  /// `XᵀX` of random inputs.
  private func gram(_ size: Int, seed: UInt64) -> [Double] {
    let samples = 3 * size
    let inputs = random(samples * size, seed: seed)
    return (0..<size * size).map { place in
      (0..<samples).reduce(0) {
        $0 + inputs[$1 * size + place / size] * inputs[$1 * size + place % size]
      }
    }
  }

  @Test func elementsCountByTheirFisherInformation() throws {
    let models = try files("m", [[1, 3, 7], [3, 5, 9]])
    let information = try files("f", [[1, 0, 2], [3, 0, 0]])
    let merged = try workshop.merge(StatisticsTests.fisher(), models, statistics: information)
    // Of the second nobody knows anything: it is the mean.
    #expect(try merged.values("w") == [2.5, 4, 7])
  }

  @Test func fisherIsItsFormulaWithWeights() throws {
    let weights = [0.5, 2, 1.3]
    let values = (0..<3).map { random(3000, seed: $0) }
    let information = (3..<6).map { random(3000, seed: $0, in: 0...1) }
    let merged = try workshop.merge(
      StatisticsTests.fisher(weights), files("m", values), statistics: files("f", information))
    let expected = (0..<3000).map { place in
      let factors = (0..<3).map { weights[$0] * information[$0][place] }
      let sum =
        factors[0] * values[0][place] + factors[1] * values[1][place]
        + factors[2] * values[2][place]
      return sum / (factors[0] + factors[1] + factors[2])
    }
    #expect(try merged.values("w") == expected)
  }

  @Test(arguments: [-1e-9, Double.nan, .infinity])
  func fisherInformationThatCantBeIsRefused(bad: Double) throws {
    let models = try files("m", [[1, 2], [3, 4]])
    let information = try files("f", [[1, 1], [1, bad]])
    for policy in MergeRecipe.NonFinitePolicy.allCases {
      let error = try #require(
        #expect(throws: CheckpointError.self) {
          try workshop.merge(StatisticsTests.fisher(), models, statistics: information) {
            $0.nonFinite = policy
          }
        })
      #expect(error.kind == .numeric)
      #expect(error.file == information[1].file.name)
      #expect(!workshop.folder.names.contains("out.flat"))
    }
  }

  @Test func tensorsWithoutStatisticsTakeTheWeightedMean() throws {
    let models = try [1.0, 4].enumerated().map { place, value in
      try workshop.checkpoint(
        "\(place)",
        ["a", "b", "c"].map { FlatTensor($0, [value, value], type: .float64, shape: [2, 1]) })
    }
    // `c` is known to one file only, `other` to no model.
    let statistics = try workshop.checkpoint(
      "f0", [FlatTensor("b", [1, 3], shape: [2, 1]), FlatTensor("c", [9, 9], shape: [2, 1])])
    let others = try workshop.checkpoint(
      "f1", [FlatTensor("other", [7]), FlatTensor("b", [3, 1], shape: [2, 1])])
    let merged = try workshop.merge(
      StatisticsTests.fisher([1, 2]), models, statistics: [statistics, others])
    #expect(try merged.values("a") == [3, 3])
    #expect(try merged.values("b") == [(1 + 24) / 7, (3 + 8) / 5])
    #expect(try merged.values("c") == [3, 3])
    #expect(merged.plan.warnings.count == 1)
    #expect(merged.plan.warnings[0].contains("f1"))
    #expect(merged.plan.warnings[0].contains("no statistics of c"))
  }

  @Test func statisticsThatDontFitAreRefused() throws {
    let models = try files("m", [[1, 2, 3, 4], [3, 4, 5, 6]], shape: [2, 2])
    let sound = try files("f", [[1, 2, 3, 4], [1, 2, 3, 4]], shape: [2, 2])
    let flat = try files("flat", [[1, 2, 3, 4], [1, 2, 3, 4]])
    let foreign = try (0..<2).map {
      try workshop.checkpoint("g\($0)", [FlatTensor("v", [1, 2])])
    }
    for operation in [StatisticsTests.fisher(), StatisticsTests.regression(1)] {
      for (statistics, kind) in [
        ([], .usage), ([sound[0]], .usage), (flat, .unusable), (foreign, .unusable),
      ] as [([Checkpoint], CheckpointError.Kind)] {
        let error = #expect(throws: CheckpointError.self) {
          try workshop.plan(operation, models, statistics: statistics)
        }
        #expect(error?.kind == kind)
      }
    }
    let error = #expect(throws: CheckpointError.self) {
      try workshop.plan(.mean, models, statistics: sound)
    }
    #expect(error?.kind == .usage)
  }

  /// (G₁ + G₂)⁻¹ = [[3, -1], [-1, 3]]/8, G₁W₁ + G₂W₂ = [2, 3].
  @Test func regressionOfTwoInputsByHand() throws {
    let models = try files("m", [[1, 0], [0, 2]], shape: [2, 1])
    let grams = try files("g", [[2, 1, 1, 2], [1, 0, 0, 1]], shape: [2, 2])
    let cases: [(Double, [Double])] = [(1, [0.375, 0.875]), (0, [2.0 / 3, 2.0 / 3])]
    for (alpha, expected) in cases {
      let merged = try workshop.merge(
        StatisticsTests.regression(alpha), models, statistics: grams)
      for (value, known) in zip(try merged.values("w"), expected) {
        #expect(abs(value - known) < 1e-15)
      }
    }
  }

  /// The merged kernel solves the normal equations; columns of the kernel are many, axes three.
  @Test func regressionSolvesTheNormalEquations() throws {
    let (size, outputs) = (24, 7)
    let weights = [1, 0.5, 2]
    let kernels = (0..<3).map { random(size * outputs, seed: $0) }
    let grams = (3..<6).map { gram(size, seed: $0) }
    let merged = try workshop.merge(
      StatisticsTests.regression(0.8, weights: weights), files("m", kernels, shape: [2, 12, 7]),
      statistics: files("g", grams, shape: [size, size])
    ).values("w")
    for row in 0..<size {
      for output in 0..<outputs {
        var rest = 0.0
        for (source, weight) in weights.enumerated() {
          for input in 0..<size {
            let factor = weight * grams[source][row * size + input] * (row == input ? 1 : 0.8)
            rest +=
              factor
              * (merged[input * outputs + output]
                - kernels[source][input * outputs + output])
          }
        }
        #expect(abs(rest) < 1e-11)
      }
    }
  }

  @Test func thePlanTellsTheMemoryOfAKernel() throws {
    let models = try files("m", [random(40, seed: 1), random(40, seed: 2)], shape: [2, 4, 5])
    let grams = try files("g", [gram(8, seed: 2), gram(8, seed: 3)], shape: [8, 8])
    let plan = try workshop.plan(StatisticsTests.regression(1), models, statistics: grams)
    #expect(plan.largestTensorBytes == 8 * (2 * 64 + 3 * 40))
    // The template, the other model's tensor, both once more, and the statistics.
    #expect(plan.bytesRead == models[0].file.size + 320 + 640 + 2 * 512)
  }

  @Test func regressionOfEqualModelsIsTheModel() throws {
    let kernel = random(40, seed: 1)
    let merged = try workshop.merge(
      StatisticsTests.regression(0.9), files("m", [kernel, kernel], shape: [8, 5]),
      statistics: files("g", [gram(8, seed: 2), gram(8, seed: 3)], shape: [8, 8])
    ).values("w")
    for (value, known) in zip(merged, kernel) { #expect(abs(value - known) < 1e-13) }
  }

  @Test func inputsThatNeverWereActiveTakeTheMean() throws {
    let models = try files("m", [[1, 10, 0], [3, 20, 2]], shape: [3, 1])
    let grams = try files(
      "g", [[2, 0, 1, 0, 0, 0, 1, 0, 2], [2, 0, 1, 0, 0, 0, 1, 0, 2]], shape: [3, 3])
    let merged = try workshop.merge(
      StatisticsTests.regression(1), models, statistics: grams
    ).values("w")
    for (value, known) in zip(merged, [2, 15, 1.0]) { #expect(abs(value - known) < 1e-15) }
  }

  @Test func aSystemWithoutASolutionIsRefused() throws {
    let models = try files("m", [[1, 2], [3, 4]], shape: [2, 1])
    let grams = try files("g", [[1, 2, 2, 1], [1, 2, 2, 1]], shape: [2, 2])
    let error = try #require(
      #expect(throws: CheckpointError.self) {
        try workshop.merge(StatisticsTests.regression(1), models, statistics: grams)
      })
    #expect(error.kind == .numeric)
    #expect(error.subject == "tensor w")
    #expect(!workshop.folder.names.contains("out.flat"))
  }

  @Test(arguments: [true, false])
  func bytesDependNeitherOnPiecesNorOnThreads(isFisher: Bool) throws {
    let shape = [3, 8, 7]
    let models = try files("m", (0..<3).map { random(168, seed: $0) }, shape: shape)
    let statistics =
      isFisher
      ? try files("s", (3..<6).map { random(168, seed: $0, in: 0...1) }, shape: shape)
      : try files("s", (3..<6).map { gram(24, seed: $0) }, shape: [24, 24])
    let operation = isFisher ? StatisticsTests.fisher() : StatisticsTests.regression(0.9)
    let whole = try workshop.merge(operation, models, statistics: statistics, threads: 1).bytes
    for pieceBytes in [1, 8, 13, 56, 64, 97, 255, 1001] {
      let bytes = try workshop.merge(
        operation, models, statistics: statistics, pieceBytes: pieceBytes,
        threads: pieceBytes % 3 + 1
      ).bytes
      #expect(bytes == whole, "\(pieceBytes) bytes a piece")
    }
  }
}
