import Checkpoints
import TestSupport
import Testing

@testable import Merging

/// Laws that hold bit for bit.
struct LawTests {
  /// Values over the whole range of exponents, so that sums in Float64 aren't exact.
  private func wild(_ count: Int, seed: UInt64, type: ElementType) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    let mask: UInt64 = type == .float64 ? .max : (1 << UInt64(8 * (type.byteCount ?? 0))) - 1
    var values: [Double] = []
    while values.count < count {
      let value = ElementBytes.value(generator.next() & mask, as: type)
      if value.isFinite { values.append(value) }
    }
    return values
  }

  @Test(arguments: floatTypes)
  func meanOfOneModelTwiceIsTheModel(type: ElementType) throws {
    let workshop = try Workshop()
    let values = wild(500, seed: 1, type: type) + [0, -0.0, .leastNonzeroMagnitude]
    for copies in 1...7 {
      let model = try workshop.checkpoint("model", [FlatTensor("w", values, type: type)])
      let merged = try workshop.merge(.mean, [Checkpoint](repeating: model, count: copies))
      #expect(try merged.bytes == FlatFile.bytes(of: model.file), "\(copies)")
    }
  }

  @Test(arguments: floatTypes)
  func meanIsTheSameInEveryOrder(type: ElementType) throws {
    for count in [3, 4] {
      let workshop = try Workshop()
      let sources = try workshop.checkpoints(
        (0..<count).map { wild(200, seed: UInt64($0), type: type) }, type: type)
      let first = try workshop.merge(.mean, sources).bytes("w")
      for order in permutations(count) {
        #expect(try workshop.merge(.mean, order.map { sources[$0] }).bytes("w") == first)
      }
    }
  }

  /// Pairs of one type have a way of their own, four sources haven't.
  @Test(arguments: floatTypes, [ByteOrder.little, .big])
  func meanOfAPairIsTheMeanOfItsCopies(type: ElementType, order: ByteOrder) throws {
    let workshop = try Workshop()
    let sources = try (0..<2).map { place in
      try workshop.checkpoint(
        "\(place)",
        [FlatTensor("w", wild(3001, seed: UInt64(place), type: type), type: type, order: order)])
    }
    for pieceBytes in [nil, 8, 24] {
      let pair = try workshop.merge(.mean, sources, pieceBytes: pieceBytes).bytes("w")
      let copies = try workshop.merge(.mean, sources + sources).bytes("w")
      #expect(pair == copies)
    }
  }

  @Test(arguments: floatTypes)
  func endsOfTheLineAreTheModelsBitForBit(type: ElementType) throws {
    let workshop = try Workshop()
    let special: [Double] = [0, -0.0, .infinity, -.infinity, .nan]
    let a = wild(100, seed: 1, type: type) + special + special
    let b = wild(100, seed: 2, type: type) + special.reversed() + special
    let sources = try workshop.checkpoints([a, b], type: type)
    for (alpha, source) in [(1.0, 0), (0.0, 1)] {
      let merged = try workshop.merge(.interpolate(alpha: alpha), sources) {
        $0.nonFinite = .allow
      }
      #expect(try merged.bytes("w") == FlatFile.bytes(of: "w", in: sources[source]))
    }
  }

  @Test(arguments: floatTypes)
  func weightsCountOnlyInProportion(type: ElementType) throws {
    let workshop = try Workshop()
    let values = try workshop.checkpoints(
      (0..<3).map { wild(100, seed: UInt64($0), type: .float16) }, type: type)
    let weights = [0.3, 0.7, 1.1]
    let single = try workshop.merge(.soup(weights: weights, normalize: true), values).bytes("w")
    for factor in [2, 0.25, 1024.0] {
      let scaled = try workshop.merge(
        .soup(weights: weights.map { $0 * factor }, normalize: true), values)
      #expect(try scaled.bytes("w") == single)
    }
  }

  @Test func equalWeightsAreTheMean() throws {
    let workshop = try Workshop()
    let sources = try workshop.checkpoints(
      (0..<3).map { wild(99, seed: UInt64($0), type: .float32) })
    let mean = try workshop.merge(.mean, sources).bytes("w")
    for weight in [0.1, 1, 3, 1.0 / 3] {
      let weighted = try workshop.merge(
        .soup(weights: [weight, weight, weight], normalize: true), sources)
      #expect(try weighted.bytes("w") == mean)
    }
  }

  /// Sixteenths of small numbers: every difference and product is exact.
  @Test(arguments: floatTypes)
  func addingAndTakingAwayATaskVectorGivesTheBase(type: ElementType) throws {
    let workshop = try Workshop()
    var generator = SeededGenerator(seed: 4)
    let values = (0..<2).map { _ in
      (0..<80).map { _ in Double(Int.random(in: -31...31, using: &generator)) / 16 }
    }
    let models = try workshop.checkpoints(values, type: type)
    let task = try workshop.merge(.taskVector, base: models[0], [models[1]], to: "task").checkpoint
    let added = try workshop.merge(
      .taskArithmetic(.add, scales: [1]), base: models[0], [task], to: "added")
    #expect(try added.bytes("w") == FlatFile.bytes(of: "w", in: models[1]))
    let back = try workshop.merge(
      .taskArithmetic(.negate, scales: [1]), base: added.checkpoint, [task], to: "back")
    #expect(try back.bytes("w") == FlatFile.bytes(of: "w", in: models[0]))
  }

  /// A tuned model stands for its task vector; in Float64 both ways round the same.
  @Test func aTaskVectorAndItsModelAreTheSameSource() throws {
    let workshop = try Workshop()
    let models = try workshop.checkpoints(
      (0..<3).map { wild(64, seed: UInt64($0), type: .float16) }, type: .float64)
    let tasks = try models.dropFirst().enumerated().map { place, model in
      try workshop.merge(.taskVector, base: models[0], [model], to: "task\(place)").checkpoint
    }
    for direction in [MergeRecipe.Direction.add, .negate] {
      let operation = MergeRecipe.Operation.taskArithmetic(direction, scales: [0.3, 0.6])
      let direct = try workshop.merge(operation, base: models[0], Array(models.dropFirst()))
      let bytes = try direct.bytes("w")
      #expect(try workshop.merge(operation, base: models[0], tasks).bytes("w") == bytes)
      let mixed = [tasks[0], models[2]]
      #expect(try workshop.merge(operation, base: models[0], mixed).bytes("w") == bytes)
    }
  }

  private func permutations(_ count: Int) -> [[Int]] {
    guard count > 0 else { return [[]] }
    return permutations(count - 1).flatMap { shorter in
      (0...shorter.count).map { place in
        var longer = shorter
        longer.insert(count - 1, at: place)
        return longer
      }
    }
  }
}
