import Checkpoints
import TestSupport
import Testing

@testable import Merging

/// What an output says about its making, and how a base is known again.
struct ProvenanceTests {
  private func text(_ plan: MergePlan) throws -> String? {
    let layout = try #require(plan.layout as? FlatLayout)
    #expect(layout.request.attributes.count <= 1)
    return layout.request.attributes.first { $0.name == "ctl_merge" }?.value
  }

  @Test func provenanceIsTheRecipeWithoutFoldersOrTime() throws {
    let workshop = try Workshop()
    let sources = try workshop.checkpoints([[1], [2]])
    let plan = try workshop.plan(.soup(weights: [0.25, 3], normalize: true), sources) {
      $0.exclude = globs("x/*")
    }
    #expect(
      try text(plan) == """
        {"exclude":["x/*"],"method":"soup","parameters":{"normalize":"true",\
        "weights":"0.25,3.0"},"sources":["0.flat","1.flat"],"version":"1.2.3"}
        """)
  }

  @Test func theBaseIsNamedWithItsFingerprint() throws {
    let workshop = try Workshop()
    let models = try workshop.checkpoints([[1], [2]])
    let plan = try workshop.plan(
      .taskArithmetic(.negate, scales: [0.5]), base: models[0], [models[1]])
    let digest = try fingerprint(of: models[0])
    #expect(
      try text(plan) == """
        {"base":{"file":"0.flat","fingerprint":"\(digest)"},"method":"negate",\
        "parameters":{"scales":"0.5"},"sources":["1.flat"],"version":"1.2.3"}
        """)
  }

  @Test func modelsSayNothingOnRequest() throws {
    let workshop = try Workshop()
    let plan = try workshop.plan(.mean, workshop.checkpoints([[1], [2]])) {
      $0.recordsProvenance = false
    }
    #expect(try text(plan) == nil)
  }

  @Test func sourcesTextIsNoObstacle() throws {
    let workshop = try Workshop()
    for text in ["", "{", "[1]", "{\"kind\":3}", "{\"kind\":\"unheard-of\"}"] {
      let odd = try workshop.checkpoint(
        "odd", [FlatTensor("w", [1])],
        attributes: [Checkpoint.Attribute(name: "ctl_merge", value: text)])
      #expect(Provenance.kind(of: odd) == .model)
      #expect(try workshop.merge(.mean, [odd, odd]).values("w") == [1])
    }
  }

  @Test func aFingerprintIsTheValuesNotTheFile() throws {
    let workshop = try Workshop()
    func file(_ name: String, _ tensors: [FlatTensor], shuffled: Bool = false) throws -> String {
      try fingerprint(of: workshop.checkpoint(name, tensors, isShuffled: shuffled))
    }
    let values = (0..<3000).map(Double.init)
    let plain = [FlatTensor("w", values), FlatTensor("v", [1])]
    let first = try file("a", plain)
    #expect(first.count == 64)
    #expect(try file("b", plain, shuffled: true) == first)
    let chunked = [
      FlatTensor("w", values, placement: .chunked([70])),
      FlatTensor("v", [1], placement: .inline),
    ]
    #expect(try file("c", chunked) == first)
    let optimizer = plain + [FlatTensor("m", [2], role: .optimizer)]
    #expect(try file("d", optimizer) == first)
  }

  @Test func anyChangeOfValuesNamesTypesOrShapesChangesTheFingerprint() throws {
    let workshop = try Workshop()
    var seen = Set<String>()
    let values = (0..<3000).map(Double.init)
    var last = values
    last[2999] += 1
    for tensor in [
      FlatTensor("w", values), FlatTensor("v", values), FlatTensor("w", last),
      FlatTensor("w", values, shape: [3, 1000]), FlatTensor("w", values, type: .float64),
      FlatTensor("w", values.map { $0 + 1 }),
    ] {
      let checkpoint = try workshop.checkpoint("w", [tensor])
      #expect(seen.insert(try fingerprint(of: checkpoint)).inserted)
    }
  }
}
