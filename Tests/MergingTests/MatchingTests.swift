import Checkpoints
import TestSupport
import Testing

@testable import Merging

/// Names pair tensors; what doesn't match is listed as a whole before anything is written.
struct MatchingTests {
  private func mismatch(
    _ tensors: [[FlatTensor]], _ change: (inout MergeRecipe) -> Void = { _ in }
  ) throws -> CheckpointError {
    let workshop = try Workshop()
    let inputs = try tensors.enumerated().map { try workshop.checkpoint("\($0)", $1) }
    let error = #expect(throws: CheckpointError.self) {
      try workshop.merge(.mean, inputs, change)
    }
    // The names of the folder differ from run to run.
    let found = try #require(error)
    #expect(workshop.folder.names == inputs.indices.map(String.init))
    return CheckpointError(
      found.kind, file: found.file, subject: found.subject,
      fact: found.fact.split(separator: workshop.folder.path + "/").joined(), remedy: found.remedy)
  }

  @Test func everyMismatchIsInOneError() throws {
    let error = try mismatch([
      [
        FlatTensor("same", [1]), FlatTensor("gone", [1]),
        FlatTensor("shape", [1, 2], shape: [1, 2]),
        FlatTensor("type", [1]), FlatTensor("broken", [1]),
        FlatTensor("tied", [1], aliases: ["knot"]),
      ],
      [
        FlatTensor("same", [2]), FlatTensor("shape", [1, 2]), FlatTensor("type", [1], type: .int32),
        FlatTensor("broken", [1], placement: .unsupported("uses filter 32015")),
        FlatTensor("tied", [1]), FlatTensor("knot", [1]), FlatTensor("extra", [1]),
      ],
    ])
    #expect(error.kind == .unusable)
    #expect(
      error.fact == """
        the sources don't match in 6 tensors:
          1: tensor gone: is missing (0 has it)
          1: tensor shape: has shape 2, 1x2 in 0
          1: tensor type: holds int32 (weight), float32 (weight) in 0
          1: tensor broken: uses filter 32015
          1: tensor tied: isn't tied to knot, but is in 0
          1: tensor extra: isn't in 0
        """)
    #expect(error.remedy?.contains("--exclude") == true)
  }

  @Test func everySourceIsCompared() throws {
    let error = try mismatch([
      [FlatTensor("w", [1])], [FlatTensor("w", [1, 2])], [FlatTensor("v", [1])],
    ])
    #expect(
      error.fact == """
        the sources don't match in 3 tensors:
          1: tensor w: has shape 2, 1 in 0
          2: tensor w: is missing (0 has it)
          2: tensor v: isn't in 0
        """)
  }

  @Test func whatIsExcludedNeedNotMatch() throws {
    let workshop = try Workshop()
    let inputs = [
      try workshop.checkpoint("a", [FlatTensor("body/w", [1, 3]), FlatTensor("head/w", [5])]),
      try workshop.checkpoint(
        "b",
        [FlatTensor("body/w", [3, 5]), FlatTensor("head/w", [7, 7]), FlatTensor("head/b", [1])]),
    ]
    let excluded = try workshop.merge(.mean, inputs) { $0.exclude = globs("head/*") }
    #expect(try excluded.values("body/w") == [2, 4])
    #expect(try excluded.values("head/w") == [5])
    let included = try workshop.merge(.mean, inputs) { $0.include = globs("body/*") }
    #expect(try included.values("body/w") == [2, 4])
    #expect(try included.values("head/w") == [5])
    guard case .copy(.leftOut) = included.plan.actions[1] else {
      Issue.record("\(included.plan.actions[1])")
      return
    }
  }

  @Test func exclusionOutweighsInclusion() throws {
    let workshop = try Workshop()
    let inputs = try (0..<2).map {
      try workshop.checkpoint(
        "\($0)", [FlatTensor("a/w", [Double($0)]), FlatTensor("a/b", [Double($0)])])
    }
    let merged = try workshop.merge(.mean, inputs) {
      $0.include = globs("a/*")
      $0.exclude = globs("*/b")
    }
    #expect(try merged.values("a/w") == [0.5])
    #expect(try merged.values("a/b") == [0])
  }

  @Test func patternsThatMatchNothingAreNamed() throws {
    let workshop = try Workshop()
    let plan = try workshop.plan(.mean, workshop.checkpoints([[1], [2]])) {
      $0.include = globs("w", "x")
      $0.exclude = globs("[yz]*")
    }
    #expect(
      plan.warnings == ["--include 'x' matches no tensor", "--exclude '[yz]*' matches no tensor"])
  }

  @Test func leavingOutEverythingIsAnError() throws {
    let error = try mismatch([[FlatTensor("w", [1])], [FlatTensor("w", [1])]]) {
      $0.exclude = globs("*")
    }
    #expect(error.kind == .usage)
    #expect(error.subject == "--include/--exclude")
  }

  @Test func filesWithoutWeightsAreRefused() throws {
    let integers = [FlatTensor("n", [1], type: .int32, role: .other)]
    let error = try mismatch([integers, integers])
    #expect(error.kind == .unusable)
    #expect(error.fact == "holds no floating-point weights to merge")
  }

  /// Composed and decomposed letters are two names.
  @Test func namesAreComparedByteByByte() throws {
    let error = try mismatch([[FlatTensor("\u{E9}", [1])], [FlatTensor("e\u{301}", [1])]])
    #expect(error.fact.contains("in 2 tensors"))
  }

  @Test func theTemplatesErrorNamesTheUnreadableTensor() throws {
    let broken = FlatTensor("w", [1], placement: .unsupported("uses filter 32015"))
    let error = try mismatch([[broken], [FlatTensor("w", [1])]])
    #expect(error.fact.contains("0: tensor w: uses filter 32015"))
  }
}
