import Checkpoints
import Kernels
import Recipes
import TestSupport
import Testing

@testable import Merging

/// Methods that take elements of one model or another.
struct ExchangeTests {
  private func merged(
    _ base: [Double], _ sources: [[Double]], shape: [Int]? = nil,
    by make: @escaping MethodMaker
  ) throws -> [Double] {
    let workshop = try Workshop()
    let inputs = try ([base] + sources).enumerated().map { place, values in
      try workshop.checkpoint(
        "\(place)", [FlatTensor("w", values, type: .float64, shape: shape ?? [values.count])])
    }
    let operation = MergeRecipe.Operation(make)
    return try workshop.merge(operation, base: inputs[0], Array(inputs.dropFirst())).values("w")
  }

  private func random(_ count: Int, seed: UInt64, scale: Double = 1) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in .random(in: -scale...scale, using: &generator) }
  }

  @Test func nearElementsAreSwappedAndFarOnesMoveByT() throws {
    let result = try merged([0, 0, 1, 1, 2, -0.5], [[0.25, -3, 1.5, 9, 2, -0.75]]) {
      (count) throws(CheckpointError) in
      try NearSwap(t: 0.5, sourceCount: count)
    }
    #expect(result == [0.25, -0.5, 1.5, 1.5, 2, -0.75])
  }

  @Test func nearSwapOfMergekitIsAMean() throws {
    let base = random(500, seed: 1)
    let near = random(500, seed: 2, scale: 1e-5)
    let model = base.indices.map { base[$0] + ($0 < 250 ? near[$0] : 1000 * near[$0]) }
    for t in [0, 1e-7, 1e-6, 3e-4] {
      let result = try merged(base, [model]) { (count) throws(CheckpointError) in
        try NearSwap(t: t, sourceCount: count, compatibility: .mergekit)
      }
      let expected = zip(base, model).map { b, x in
        let w = min(1, t / max(abs(b - x), 1e-6))
        return w * x + (1 - w) * b
      }
      #expect(result == expected, "\(t)")
    }
  }

  @Test func ramAveragesOverThoseThatChanged() throws {
    let result = try merged([1, 1, 1, 1, 1], [[2, 1, 2, 1, 1.25], [1, 3, 4, 1, 1]]) {
      (_) throws(CheckpointError) in try RAM(epsilon: 0.25)
    }
    // The last change isn't above the threshold.
    #expect(result == [2, 3, 3, 1, 1])
  }

  @Test func whatOnlyOneChangedIsLengthenedByWhatItShares() throws {
    let (base, sources) = ([1, 1, 1, 1.0], [[2, 1, 2, 1], [1, 3, 4, 1.0]])
    // Each source changes one element alone and shares one: the ratio is 1.
    let capped = try merged(base, sources) { (_) throws(CheckpointError) in try RAMPlusTL() }
    let factor = 1 + 0.1 * 0.2
    #expect(capped == [1 + factor, 1 + 2 * factor, 3, 1])
    let full = try merged(base, sources) { (_) throws(CheckpointError) in
      try RAMPlusTL(r: 0.5, alpha: 5)
    }
    #expect(full == [2.5, 4, 3, 1])
  }

  /// The definition as it is written, in Float64, with large changes, whose logarithms don't cancel.
  @Test(arguments: [[6, 40], [240], [2, 3, 40]], Compatibility.allCases)
  func fusionTakesWhatIsImportant(shape: [Int], compatibility: Compatibility) throws {
    let base = random(240, seed: 3)
    let changes = random(240, seed: 4, scale: 2)
    let model = zip(base, changes).map { $0 + $1 * $1 * $1 }
    let width = shape[shape.count - 1]
    func softmax(_ row: ArraySlice<Double>) -> [Double] {
      let powers = row.map(MathLibrary.exp)
      return powers.map { $0 / powers.reduce(0, +) + 1e-8 }
    }
    var importances: [Double] = []
    for start in stride(from: 0, to: 240, by: width) {
      let row = start..<start + width
      let divergence = zip(softmax(model[row]), softmax(base[row])).reduce(0) {
        $0 + $1.0 * MathLibrary.log($1.0 / $1.1)
      }
      importances += row.map { abs(model[$0] - base[$0]) * divergence }
    }
    let sorted = importances.sorted()
    let threshold = sorted[119] + 1.5 * (sorted[179] - sorted[59])
    let expected = base.indices.map { place in
      if importances[place] < threshold { return base[place] }
      return compatibility == .paper
        ? model[place] : base[place] + (model[place] - base[place])
    }
    #expect((1..<120).contains(importances.count { $0 >= threshold }))
    let result = try merged(base, [model], shape: shape) { (count) throws(CheckpointError) in
      try ArceeFusion(sourceCount: count, compatibility: compatibility)
    }
    #expect(result == expected)
  }

  @Test func fusionOfAModelWithItselfIsTheModel() throws {
    let base = random(90, seed: 5)
    for shape in [[90], [9, 10], [90, 1]] {
      let result = try merged(base, [base], shape: shape) { (count) throws(CheckpointError) in
        try ArceeFusion(sourceCount: count)
      }
      #expect(result == base)
    }
    // The softmax of a row of one element knows nothing: nothing is more important than the rest.
    let other = random(90, seed: 6)
    let all = try merged(base, [other], shape: [90, 1]) { (count) throws(CheckpointError) in
      try ArceeFusion(sourceCount: count)
    }
    #expect(all == other)
  }

  /// For a small change of one logit the divergence is `q·(1-q)·τ²/2`.
  @Test func divergenceOfSmallChangesIsNotRounding() {
    for change in [1e-3, 1e-6, 1e-9, -1e-12] {
      var row = RowDivergence.Row(length: 10)
      row.base = random(10, seed: 7)
      row.changes[3] = change
      row.tuned = zip(row.base, row.changes).map { $0 + $1 }
      let powers = row.base.map(MathLibrary.exp)
      let share = powers[3] / powers.reduce(0, +)
      let expected = share * (1 - share) * change * change / 2
      let divergence = RowDivergence.divergence(of: row)
      #expect(abs(divergence / expected - 1) < max(1e-6, 2 * abs(change)), "\(change)")
    }
  }

  @Test func growthHasNoCancellation() {
    #expect(RowDivergence.growth(0) == 0)
    #expect(abs(RowDivergence.growth(1) - (2 * MathLibrary.log(2) - 1)) < 1e-16)
    for y in [1e-12, -1e-9, 1e-7, -1e-5] {
      let leading = y * y / 2 * (1 - y / 3 + y * y / 6)
      #expect(abs(RowDivergence.growth(y) / leading - 1) < 1e-15, "\(y)")
    }
    // Where the formulas meet.
    for y in [0.5, -0.5] {
      let direct = (1 + y) * MathLibrary.log1p(y) - y
      #expect(abs(RowDivergence.growth(y * (1 - 0x1p-50)) / direct - 1) < 1e-14)
    }
  }

  enum Method: CaseIterable {
    case nearSwap, fusion, ram, ramPlus

    func make(_ count: Int) throws(CheckpointError) -> any MergeMethod {
      switch self {
      case .nearSwap: try NearSwap(t: 0.1, sourceCount: count)
      case .fusion: try ArceeFusion(sourceCount: count)
      case .ram: try RAM()
      case .ramPlus: try RAMPlusTL()
      }
    }
  }

  /// A comparison with NaN is false, so none would show in the result.
  @Test(arguments: Method.allCases, [Double.nan, .infinity])
  func whatIsNotFiniteIsNotSwallowed(method: Method, bad: Double) throws {
    for place in 0...1 {
      var values = [random(50, seed: 8), random(50, seed: 9)]
      values[place][17] = bad
      let error = try #require(
        #expect(throws: CheckpointError.self) {
          try merged(values[0], [values[1]]) { (count) throws(CheckpointError) in
            try method.make(count)
          }
        })
      #expect(error.kind == .numeric)
      #expect(error.fact == "holds NaN or infinite values")
    }
  }

  /// Sixteenths: every difference is exact.
  @Test(arguments: Method.allCases)
  func aTaskVectorAndItsModelAreTheSameSource(method: Method) throws {
    let workshop = try Workshop()
    var generator = SeededGenerator(seed: 10)
    let models = try workshop.checkpoints(
      (0..<2).map { _ in
        (0..<64).map { _ in Double(Int.random(in: -31...31, using: &generator)) / 16 }
      })
    let task = try workshop.merge(.taskVector, base: models[0], [models[1]], to: "task").checkpoint
    let operation = MergeRecipe.Operation { (count) throws(CheckpointError) in
      try method.make(count)
    }
    let direct = try workshop.merge(operation, base: models[0], [models[1]]).bytes("w")
    #expect(try workshop.merge(operation, base: models[0], [task]).bytes("w") == direct)
  }

  @Test func parametersOutOfRangeAreRefused() {
    let wrong: [() throws -> Void] = [
      { _ = try NearSwap(t: -1, sourceCount: 1) }, { _ = try NearSwap(t: 1, sourceCount: 2) },
      { _ = try NearSwap(t: .nan, sourceCount: 1) }, { _ = try ArceeFusion(sourceCount: 3) },
      { _ = try RAM(epsilon: -1e-9) }, { _ = try RAMPlusTL(r: .infinity) },
    ]
    for make in wrong {
      let error = #expect(throws: CheckpointError.self) { try make() }
      #expect(error?.kind == .usage)
    }
  }
}
