import Checkpoints
import TestSupport
import Testing

@testable import Merging

/// Adapters of low rank: what is extracted, and what applying them gives.
struct LowRankTests {
  private let workshop: Workshop

  init() throws {
    workshop = try Workshop()
  }

  private func noise(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Double.random(in: -1...1, using: &generator) }
  }

  /// L R of matrices in C order.
  private func product(_ l: [Double], _ r: [Double], rank: Int) -> [Double] {
    guard rank > 0 else { return [] }
    let columns = r.count / rank
    return (0..<l.count / rank).flatMap { row in
      (0..<columns).map { column in
        (0..<rank).reduce(0) { $0 + l[row * rank + $1] * r[$1 * columns + column] }
      }
    }
  }

  private func factors(_ extraction: AdapterExtraction) throws -> AdapterPart.Factors {
    guard case .factors(let factors) = try #require(extraction.parts.first).content else {
      throw FlatFile.Failure(reason: "no factors")
    }
    return factors
  }

  @Test func singularValuesOfAKnownMatrix() throws {
    let values = try SingularValues([3, 0, 4, 5], rows: 2, columns: 2).values
    #expect(abs(values[0] - 45.0.squareRoot()) < 1e-14)
    #expect(abs(values[1] - 5.0.squareRoot()) < 1e-14)
  }

  @Test(arguments: [(5, 9), (9, 5), (6, 6), (1, 4)])
  func allTermsGiveTheMatrix(rows: Int, columns: Int) throws {
    let matrix = noise(rows * columns, seed: UInt64(rows))
    let values = try SingularValues(matrix, rows: rows, columns: columns)
    let rank = min(rows, columns)
    let (left, right) = values.factors(rank: rank)
    for (x, y) in zip(product(left, right, rank: rank), matrix) { #expect(abs(x - y) < 1e-13) }
    #expect(values.values == values.values.sorted(by: >))
  }

  @Test func theRankKeepsTheEnergyAndNoMore() {
    let values = [3.0, 2, 1, 0]
    let cases: [(Double, Int)] = [
      (0.5, 1), (9.0 / 14 - 1e-9, 1), (9.0 / 14 + 1e-9, 2), (0.9, 2), (13.0 / 14 + 1e-9, 3), (1, 3),
    ]
    for (share, rank) in cases { #expect(RankChoice.energy(share).rank(of: values) == rank) }
    #expect(RankChoice.fixed(2).rank(of: values) == 2)
    #expect(RankChoice.fixed(9).rank(of: values) == 3)
    #expect(RankChoice.energy(1).rank(of: [0, 0]) == 0)
  }

  @Test(arguments: [false, true])
  func aChangeOfLowRankIsRecovered(rowsAreInputs: Bool) throws {
    let (rows, columns, rank) = (12, 20, 3)
    let base = noise(rows * columns, seed: 1)
    let change = product(noise(rows * rank, seed: 2), noise(rank * columns, seed: 3), rank: rank)
    let files = try [base, zip(base, change).map { $0 + $1 }].enumerated().map {
      try workshop.checkpoint(
        "\($0)", [FlatTensor("w", $1, type: .float64, shape: [rows, columns])])
    }
    var settings = AdapterExtraction.Settings(rank: .energy(1 - 1e-20), threads: 2)
    settings.rowsAreInputs = rowsAreInputs
    settings.rank = .energy(1 - 1e-12)
    let found = try factors(try AdapterExtraction(files[1], base: files[0], settings: settings))
    #expect(found.rank == rank && found.fullRank == rows)
    #expect(found.relativeError < 1e-12 && abs(found.energy - 1) < 1e-12)
    let (inputs, outputs) = rowsAreInputs ? (rows, columns) : (columns, rows)
    #expect(found.a.count == rank * inputs && found.b.count == outputs * rank)
    let ba = product(found.b, found.a, rank: rank)
    for row in 0..<rows {
      for column in 0..<columns {
        let place = rowsAreInputs ? column * rows + row : row * columns + column
        #expect(abs(ba[place] - change[row * columns + column]) < 1e-12)
      }
    }
    // A smaller rank leaves the rest of the squares as its error, which no other matrix undercuts.
    settings.rank = .fixed(2)
    let cut = try factors(try AdapterExtraction(files[1], base: files[0], settings: settings))
    let singular = try SingularValues(change, rows: rows, columns: columns).values
    #expect(abs(cut.relativeError * cut.norm - singular[2]) < 1e-12)
  }

  @Test func whatIsNoMatrixIsKeptOrNamed() throws {
    func file(_ name: String, _ bias: Double, _ kernel: Double) throws -> Checkpoint {
      try workshop.checkpoint(
        name,
        [
          FlatTensor("k", [1, 2, 3, kernel], shape: [2, 2]), FlatTensor("b", [bias, 1]),
          FlatTensor("same", [5, 6]),
        ])
    }
    let (base, tuned) = (try file("base", 1, 4), try file("tuned", 2, 5))
    var settings = AdapterExtraction.Settings(rank: .fixed(1), threads: 1)
    let all = try AdapterExtraction(tuned, base: base, settings: settings)
    #expect(all.parts.map(\.name.text) == ["k", "b"] && all.leftOut.isEmpty)
    settings.keepsOthers = false
    let matrices = try AdapterExtraction(tuned, base: base, settings: settings)
    #expect(matrices.parts.map(\.name.text) == ["k"])
    #expect(matrices.leftOut.map(\.text) == ["b"] && matrices.unchanged.map(\.text) == ["same"])
    for rank in [RankChoice.fixed(0), .fixed(3), .energy(0), .energy(1.5), .energy(.nan)] {
      settings.rank = rank
      let error = #expect(throws: CheckpointError.self) {
        try AdapterExtraction(tuned, base: base, settings: settings)
      }
      #expect(error?.kind == .usage)
    }
    settings.rank = .fixed(1)
    #expect(throws: CheckpointError.self) {
      try AdapterExtraction(base, base: base, settings: settings)
    }
  }
}
