import Checkpoints
import TestSupport
import Testing

@testable import Merging

/// Roles decide what is merged, what must agree, and what is copied or dropped.
struct RoleTests {
  @Test func sourcesOfDifferentOptimizersAreMerged() throws {
    let workshop = try Workshop()
    let adam = try workshop.checkpoint(
      "adam",
      [
        FlatTensor("w", [1]), FlatTensor("optimizer/m", [9], role: .optimizer),
        FlatTensor("optimizer/v", [8, 8], role: .optimizer),
      ])
    let sgd = try workshop.checkpoint(
      "sgd",
      [FlatTensor("w", [3]), FlatTensor("optimizer/m", [4, 4, 4], role: .optimizer)])
    let none = try workshop.checkpoint("none", [FlatTensor("w", [5])])
    let merged = try workshop.merge(.mean, [adam, sgd, none])
    #expect(try merged.values("w") == [3])
    #expect(try merged.values("optimizer/m") == [9])
    #expect(try merged.values("optimizer/v") == [8, 8])
    #expect(merged.summary.warnings.isEmpty)
    let other = try workshop.merge(.mean, [none, sgd, adam])
    #expect(other.checkpoint.tensors.map(\.name.text) == ["w"])
  }

  @Test func optimizerStateIsDropped() throws {
    let workshop = try Workshop()
    let inputs = try (0..<2).map {
      try workshop.checkpoint(
        "\($0)",
        [FlatTensor("w", [Double($0)]), FlatTensor("optimizer/m", [9], role: .optimizer)])
    }
    let merged = try workshop.merge(.mean, inputs) { $0.optimizer = .drop }
    #expect(merged.checkpoint.tensors.map(\.name.text) == ["w"])
    guard case .drop = merged.plan.actions[1] else {
      Issue.record("\(merged.plan.actions[1])")
      return
    }
  }

  @Test func statisticsAreMergedLikeWeights() throws {
    let workshop = try Workshop()
    let inputs = try (0..<2).map {
      try workshop.checkpoint("\($0)", [FlatTensor("mean", [Double($0)], role: .statistic)])
    }
    #expect(try workshop.merge(.mean, inputs).values("mean") == [0.5])
  }

  static let unmerged: [(ElementType, TensorRole)] = [
    (.int64, .counter), (.uint32, .seed), (.int8, .other), (.bool, .other), (.uint16, .weight),
    (.float32, .counter), (.float8E4M3, .seed), (.complex64, .weight),
  ]

  @Test(arguments: unmerged)
  func whatIsNotMergedMustAgreeOrIsNoted(type: ElementType, role: TensorRole) throws {
    let workshop = try Workshop()
    let size = type.byteCount ?? 1
    func input(_ name: String, _ last: UInt8, order: ByteOrder = .little) throws -> Checkpoint {
      let bytes = [UInt8](repeating: 1, count: 2 * size) + (1...size).map { UInt8($0) }
      var values = bytes + [UInt8](repeating: 0, count: size - 1) + [last]
      if order == .big {
        let unit = type.swapUnit
        values = stride(from: 0, to: values.count, by: unit).flatMap {
          values[$0..<$0 + unit].reversed()
        }
      }
      return try workshop.checkpoint(
        name,
        [
          FlatTensor("w", [1]),
          FlatTensor("n", bytes: values, type: type, shape: [4], order: order, role: role),
        ])
    }
    let first = try input("first", 1)
    let same = try input("same", 1, order: .big)
    let agreeing = try workshop.merge(.mean, [first, same, first])
    #expect(agreeing.summary.warnings.isEmpty)
    let other = try input("other", 0)
    let merged = try workshop.merge(.mean, [first, same, other])
    #expect(try merged.bytes("n") == FlatFile.bytes(of: "n", in: first))
    #expect(
      merged.summary.warnings == [
        "tensor n: \(type) (\(role.rawValue)) isn't merged and differs or is missing in "
          + "\(other.file.name); taken from \(first.file.name)"
      ])
  }

  /// Two floats of unlike types hold no equal bytes; that they may be equal numbers isn't tried.
  @Test func countersOfDifferentTypesAreNoted() throws {
    let workshop = try Workshop()
    let inputs = try [ElementType.int32, .int64].map { type in
      try workshop.checkpoint(
        "\(type)", [FlatTensor("w", [1]), FlatTensor("n", [5], type: type, role: .counter)])
    }
    #expect(try workshop.merge(.mean, inputs).summary.warnings.count == 1)
  }

  /// Only training needs them, so a network saved without them is still the same network.
  @Test(arguments: [TensorRole.counter, .seed])
  func countersAndSeedsMayBeMissingOrOfAnotherShape(role: TensorRole) throws {
    let workshop = try Workshop()
    let plain = try workshop.checkpoint("plain", [FlatTensor("w", [1])])
    let counting = try [[5.0], [5, 6]].enumerated().map { place, values in
      try workshop.checkpoint(
        "\(place)",
        [FlatTensor("w", [3]), FlatTensor("n", values, type: .int64, role: role)])
    }
    #expect(try workshop.merge(.mean, [plain, counting[0]]).summary.warnings.isEmpty)
    let merged = try workshop.merge(.mean, [counting[0], plain, counting[1]])
    #expect(try merged.bytes("n") == ElementBytes.encode([5], as: .int64))
    #expect(
      merged.summary.warnings == [
        "tensor n: int64 (\(role.rawValue)) isn't merged and differs or is missing in "
          + "\(plain.file.name), \(counting[1].file.name); taken from \(counting[0].file.name)"
      ])
  }

  @Test func otherIntegersMayNotBeMissing() throws {
    let workshop = try Workshop()
    let inputs = [
      try workshop.checkpoint(
        "a", [FlatTensor("w", [1]), FlatTensor("ids", [1], type: .int64, role: .other)]),
      try workshop.checkpoint("b", [FlatTensor("w", [1])]),
    ]
    for order in [inputs, inputs.reversed()] {
      let error = #expect(throws: CheckpointError.self) { try workshop.plan(.mean, order) }
      #expect(error?.fact.contains("tensor ids: is") == true)
    }
  }

  @Test func whatHasNoNumbersIsCopied() throws {
    let workshop = try Workshop()
    let inputs = try (0..<2).map { place in
      try workshop.checkpoint(
        "\(place)",
        [
          FlatTensor("w", [Double(place)]),
          FlatTensor(
            "text", bytes: [], type: .string, shape: [2],
            placement: .unsupported("holds text")),
        ])
    }
    let merged = try workshop.merge(.mean, inputs)
    #expect(try merged.values("w") == [0.5])
    guard case .copy(.notNumbers) = merged.plan.actions[1] else {
      Issue.record("\(merged.plan.actions[1])")
      return
    }
  }
}
