import Checkpoints
import TestSupport
import Testing

@testable import Merging

/// Tied, never written and empty tensors.
struct SpecialTensorTests {
  private func merged(
    _ tensors: [FlatTensor], _ others: [FlatTensor],
    _ change: (inout MergeRecipe) -> Void = { _ in }
  ) throws -> (Workshop, Merged) {
    let workshop = try Workshop()
    let inputs = [
      try workshop.checkpoint("a", tensors), try workshop.checkpoint("b", others, isShuffled: true),
    ]
    return (workshop, try workshop.merge(.mean, inputs, change))
  }

  @Test func tiedTensorsAreMergedOnceAndStayTied() throws {
    let (_, result) = try merged(
      [FlatTensor("in", [1, 2], aliases: ["out"])], [FlatTensor("in", [3, 4], aliases: ["out"])])
    #expect(try result.values("in") == [2, 3])
    #expect(try result.values("out") == [2, 3])
    #expect(result.checkpoint.tensors.count == 1)
    #expect(result.plan.bytesRead == result.plan.template.file.size + 8)
  }

  @Test func aTieIsFoundUnderEitherName() throws {
    let (_, result) = try merged(
      [FlatTensor("in", [1], aliases: ["out"])], [FlatTensor("out", [3], aliases: ["in"])])
    #expect(try result.values("out") == [2])
  }

  @Test(arguments: floatTypes)
  func neverWrittenTensorsStayUnwritten(type: ElementType) throws {
    for fill in [0, 1.5] {
      let tensors = [
        FlatTensor("w", [1], type: type),
        FlatTensor("f", [fill, fill, fill], type: type, shape: [3], placement: .fill),
      ]
      let (_, result) = try merged(tensors, tensors)
      guard case .copy(.neverWritten) = result.plan.actions[1] else {
        Issue.record("\(result.plan.actions[1])")
        return
      }
      #expect(try result.values("f") == [fill, fill, fill])
    }
  }

  @Test func aTensorThatOneSourceWroteIsMerged() throws {
    for isTemplateWritten in [true, false] {
      let written = [FlatTensor("f", [1, 2, 3])]
      let absent = [FlatTensor("f", [0.5, 0.5, 0.5], shape: [3], placement: .fill)]
      let (_, result) = try merged(
        isTemplateWritten ? written : absent, isTemplateWritten ? absent : written)
      #expect(try result.values("f") == [0.75, 1.25, 1.75])
    }
  }

  /// The absent value of the template isn't the mean of the absent values.
  @Test func differentFillsAreMerged() throws {
    let (_, result) = try merged(
      [FlatTensor("f", [1], shape: [1], placement: .fill)],
      [FlatTensor("f", [2], shape: [1], placement: .fill)])
    #expect(try result.values("f") == [1.5])
  }

  @Test func neverWrittenTensorsChangeTheirType() throws {
    let tensors = [FlatTensor("f", [1.5, 1.5], shape: [2], placement: .fill)]
    let (_, result) = try merged(tensors, tensors) { $0.elementType = .float64 }
    #expect(try result.bytes("f") == ElementBytes.encode([1.5, 1.5], as: .float64))
  }

  /// A task vector of what nobody wrote is zero, which is the absent value only where that is zero.
  @Test func taskVectorsOfUnwrittenTensorsAreZero() throws {
    let workshop = try Workshop()
    let model = try workshop.checkpoint(
      "m", [FlatTensor("w", [1]), FlatTensor("f", [1.5, 1.5], shape: [2], placement: .fill)])
    let task = try workshop.merge(.taskVector, base: model, [model])
    #expect(try task.values("f") == [0, 0])
  }

  @Test func emptyTensorsAreCopied() throws {
    for storage in [FlatTensor.Placement.contiguous, .inline, .chunked([1, 2])] {
      let tensors = [
        FlatTensor("none", [], shape: [3, 0], placement: storage), FlatTensor("w", [1]),
      ]
      let (_, result) = try merged(tensors, tensors) { $0.elementType = .float64 }
      #expect(try result.values("none") == [])
      guard case .copy(.empty) = result.plan.actions[0] else {
        Issue.record("\(result.plan.actions[0])")
        return
      }
    }
  }

  @Test func scalarsAreMerged() throws {
    let (_, result) = try merged(
      [FlatTensor("s", [3], type: .float64, shape: [])],
      [FlatTensor("s", [4], type: .float16, shape: [], order: .big)])
    #expect(try result.values("s") == [3.5])
  }

  @Test func aScalarIsNoVectorOfOne() throws {
    let error = #expect(throws: CheckpointError.self) {
      try merged([FlatTensor("s", [3], shape: [])], [FlatTensor("s", [4])])
    }
    #expect(error?.fact.contains("has shape 1, scalar in ") == true)
  }
}
