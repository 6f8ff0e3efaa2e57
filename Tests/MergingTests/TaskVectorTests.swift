import Checkpoints
import TestSupport
import Testing

@testable import Merging

/// Task vectors say what they are, of which base, and what they left out.
struct TaskVectorTests {
  /// A base, a model tuned from it, and the task vector between them.
  private func task(
    _ workshop: Workshop, _ change: (inout MergeRecipe) -> Void = { _ in }
  ) throws -> (base: Checkpoint, tuned: Checkpoint, vector: Checkpoint) {
    let base = try workshop.checkpoint(
      "base", [FlatTensor("body", [1, 2]), FlatTensor("head", [10])])
    let tuned = try workshop.checkpoint(
      "tuned", [FlatTensor("body", [1.5, 1]), FlatTensor("head", [20])])
    let merged = try workshop.merge(.taskVector, base: base, [tuned], to: "task", change)
    return (base, tuned, merged.checkpoint)
  }

  private func refusal(_ body: () throws -> Void) throws -> CheckpointError {
    try #require(#expect(throws: CheckpointError.self) { try body() })
  }

  @Test func aTaskVectorIsMarkedEvenWithoutProvenance() throws {
    for records in [true, false] {
      let workshop = try Workshop()
      let (base, _, vector) = try task(workshop) { $0.recordsProvenance = records }
      let provenance = try #require(Provenance(of: vector))
      #expect(provenance.kind == "task-vector")
      #expect(provenance.base?.file == "base")
      #expect(try provenance.base?.fingerprint == fingerprint(of: base))
      #expect((provenance.method == nil) == !records)
      #expect(Provenance.kind(of: vector) == .taskVector)
      #expect(Provenance.kind(of: base) == .model)
    }
  }

  @Test func meansOfTaskVectorsAreTaskVectorsOfTheSameBase() throws {
    let workshop = try Workshop()
    let (base, _, vector) = try task(workshop)
    let mean = try workshop.merge(.mean, [vector, vector], to: "mean").checkpoint
    #expect(Provenance.kind(of: mean) == .taskVector)
    #expect(try Provenance(of: mean)?.base?.fingerprint == fingerprint(of: base))
    let added = try workshop.merge(.taskArithmetic(.add, scales: [1]), base: base, [mean])
    #expect(try added.values("body") == [1.5, 1])
    #expect(Provenance.kind(of: added.checkpoint) == .model)
  }

  @Test func modelsAndTaskVectorsAreNotAveraged() throws {
    let workshop = try Workshop()
    let (base, tuned, vector) = try task(workshop)
    let mixed = try refusal { _ = try workshop.plan(.mean, [tuned, vector]) }
    #expect(mixed.file == vector.file.name)
    #expect(mixed.fact.contains("is a task vector") && mixed.fact.contains(tuned.file.name))
    let asBase = try refusal {
      _ = try workshop.plan(.taskArithmetic(.add, scales: [1]), base: vector, [tuned])
    }
    #expect(asBase.file == vector.file.name)
    #expect(asBase.fact == "is a task vector, not a model")
    let twice = try refusal { _ = try workshop.plan(.taskVector, base: base, [vector]) }
    #expect(twice.fact == "is a task vector already")
  }

  @Test func anotherBaseIsAWarning() throws {
    let workshop = try Workshop()
    let (base, _, vector) = try task(workshop)
    #expect(
      try workshop.plan(.taskArithmetic(.add, scales: [1]), base: base, [vector]).warnings == [])
    let other = try workshop.checkpoint(
      "other", [FlatTensor("body", [1, 2.5]), FlatTensor("head", [10])])
    let plan = try workshop.plan(.taskArithmetic(.add, scales: [1]), base: other, [vector])
    #expect(
      plan.warnings == [
        "\(vector.file.name): is a task vector of another base (base) than \(other.file.name)"
      ])
  }

  /// What a task vector left out holds the base's values; adding those would double them.
  @Test func patternsOfATaskVectorAreHonouredByAdd() throws {
    for isExclusion in [true, false] {
      let workshop = try Workshop()
      let (base, tuned, vector) = try task(workshop) {
        if isExclusion {
          $0.exclude = globs("head")
        } else {
          $0.include = globs("body")
        }
      }
      #expect(try FlatFile.values(of: "head", in: vector) == [10])
      let operation = MergeRecipe.Operation.taskArithmetic(.add, scales: [1])
      let added = try workshop.merge(operation, base: base, [vector])
      #expect(try added.values("body") == [1.5, 1])
      #expect(try added.values("head") == [10])
      // Such a tensor is left out for all sources.
      let both = try workshop.merge(operation, base: base, [vector, tuned])
      #expect(try both.values("body") == [2, 0])
      #expect(try both.values("head") == [10])
    }
  }

  @Test func scalesMustFitTheSources() throws {
    let workshop = try Workshop()
    let models = try workshop.checkpoints([[1], [2], [3]])
    let error = try refusal {
      _ = try workshop.plan(
        .taskArithmetic(.add, scales: [1, 2, 3]), base: models[0], Array(models[1...]))
    }
    #expect(error.kind == .usage)
    #expect(error.subject == "--scales")
    #expect(error.fact == "has 3 numbers for 2 sources")
  }

  @Test func weightsMustFitTheSourcesAndHaveASum() throws {
    let workshop = try Workshop()
    let models = try workshop.checkpoints([[1], [2]])
    for (weights, fact) in [
      ([1.0], "has 1 numbers for 2 sources"), ([1, .nan], "holds nan, not a finite number"),
      ([1, -1], "sum to 0.0, so they can't be normalised"),
    ] {
      let error = try refusal {
        _ = try workshop.plan(.soup(weights: weights, normalize: true), models)
      }
      #expect(error.kind == .usage && error.subject == "--weights")
      #expect(error.fact == fact)
    }
    let difference = try workshop.merge(.soup(weights: [1, -1], normalize: false), models)
    #expect(try difference.values("w") == [-1])
    let error = try refusal { _ = try workshop.plan(.interpolate(alpha: .infinity), models) }
    #expect(error.subject == "--alpha")
  }
}
