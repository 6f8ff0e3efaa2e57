import Checkpoints
import TestSupport
import Testing

@testable import Merging

/// The figures that a plan tells before anything is read.
struct PlanTests {
  private func inputs(
    _ workshop: Workshop, count: Int, type: ElementType = .float32
  ) throws -> [Checkpoint] {
    try (0..<count).map { place in
      try workshop.checkpoint(
        "\(place)",
        [
          FlatTensor("w", [Double](repeating: 1, count: 1000), type: type),
          FlatTensor("adam", [Double](repeating: 1, count: 500), role: .optimizer),
        ])
    }
  }

  @Test func bytesReadAreTheTemplateAndTheOthersMergedTensors() throws {
    let workshop = try Workshop()
    let inputs = try inputs(workshop, count: 3)
    let plan = try workshop.plan(.mean, inputs)
    #expect(plan.bytesRead == inputs[0].file.size + 2 * 4000)
    #expect(plan.outputType(of: 0) == .float32)
    let wide = try workshop.plan(.mean, inputs) { $0.elementType = .float64 }
    #expect(wide.outputType(of: 0) == .float64)
    #expect(wide.bytesRead == plan.bytesRead)
  }

  @Test(arguments: [1, 2, 8, 64])
  func memoryStaysBoundedForAnyNumberOfThreads(threads: Int) throws {
    for count in [2, 3, 8, 12] {
      for output in [nil, ElementType.float16, .float64] {
        let workshop = try Workshop()
        let plan = try workshop.plan(.mean, inputs(workshop, count: count)) {
          $0.elementType = output
        }
        let executor = MergeExecutor(plan, options: MergeExecutor.Options(threads: threads))
        let (piece, block) = (executor.sizes.piece, executor.sizes.block)
        #expect((16 << 10...1 << 20).contains(piece) && (16 << 10...piece).contains(block))
        // Sources that are wider than the output need larger windows.
        let widening = output == .float16 ? 2 : 1
        #expect(executor.bufferBytes == threads * (count * widening * block + piece))
        if block > 16 << 10 { #expect(executor.bufferBytes <= 24 << 20) }
      }
    }
  }

  @Test func moreSourcesTakeNoMoreMemory() throws {
    let workshop = try Workshop()
    let sizes = try [2, 4, 8].map { count in
      let plan = try workshop.plan(.mean, inputs(workshop, count: count))
      return MergeExecutor(plan, options: MergeExecutor.Options(threads: 8)).bufferBytes
    }
    #expect(sizes.allSatisfy { $0 <= 24 << 20 })
  }

  @Test func chosenPiecesAreTaken() throws {
    let workshop = try Workshop()
    let plan = try workshop.plan(.mean, inputs(workshop, count: 2))
    var options = MergeExecutor.Options(threads: 1)
    for (chosen, taken) in [(5, 5), (0, 1), (-3, 1), (1 << 22, 1 << 22)] {
      options.pieceBytes = chosen
      #expect(MergeExecutor(plan, options: options).sizes.piece == taken)
    }
  }

  @Test func methodsDescribeThemselves() throws {
    let workshop = try Workshop()
    let models = try workshop.checkpoints([[1], [2]])
    let interpolation = try workshop.plan(.interpolate(alpha: 0.25), models).method
    #expect(interpolation.name == "interpolate")
    #expect(interpolation.rule == "0.25 A + 0.75 B")
    #expect(interpolation.parameters == [Parameter("alpha", "0.25")])
    let negation = try workshop.plan(
      .taskArithmetic(.negate, scales: [0.5]), base: models[0], [models[1]]
    ).method
    #expect(negation.name == "negate")
    #expect(negation.parameters == [Parameter("scales", "0.5")])
  }
}
