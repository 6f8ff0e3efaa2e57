import Checkpoints
import TestSupport
import Testing

@testable import Merging

/// Values that would break a network: not finite, overflowing, negative variances.
struct NumericFaultTests {
  private func fault(
    _ operation: MergeRecipe.Operation, base: [FlatTensor]? = nil, _ sources: [[FlatTensor]],
    _ change: (inout MergeRecipe) -> Void = { _ in }
  ) throws -> (CheckpointError, [String]) {
    let workshop = try Workshop()
    let base = try base.map { try workshop.checkpoint("base", $0) }
    let inputs = try sources.enumerated().map { try workshop.checkpoint("\($0)", $1) }
    let error = try #require(
      #expect(throws: CheckpointError.self) {
        try workshop.merge(operation, base: base, inputs, change)
      })
    #expect(error.kind == .numeric)
    #expect(error.exitCode == 3)
    // Nothing is left of the output.
    let names = (base == nil ? [] : ["base"]) + inputs.indices.map(String.init)
    #expect(workshop.folder.names == names.sorted())
    return (error, inputs.map(\.file.name))
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity], floatTypes)
  func theFileAndTensorThatIsNotFiniteAreNamed(bad: Double, type: ElementType) throws {
    var values = [Double](repeating: 1, count: 1500)
    for place in [0, 1023, 1024, 1499] {
      values[place] = bad
      let good = FlatTensor("w", [Double](repeating: 1, count: 1500), type: type)
      let (error, files) = try fault(
        .mean, [[good], [FlatTensor("w", values, type: type)], [good]])
      values[place] = 1
      #expect(error.file == files[1])
      #expect(error.subject == "tensor w")
      #expect(error.fact == "holds NaN or infinite values")
      #expect(error.remedy?.contains("--exclude") == true)
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity], floatTypes)
  func pairsAreCheckedToo(bad: Double, type: ElementType) throws {
    let good = [FlatTensor("w", [1, 2], type: type)]
    for place in 0...1 {
      var values = [1, 2.0]
      values[place] = bad
      let spoiled = [FlatTensor("w", values, type: type)]
      for (sources, guilty) in [([spoiled, good], 0), ([good, spoiled], 1)] {
        let (error, files) = try fault(.mean, sources)
        #expect(error.file == files[guilty])
        #expect(error.fact == "holds NaN or infinite values")
      }
    }
  }

  /// The sum of two of the greatest numbers overflows on the way.
  @Test(arguments: floatTypes)
  func theMeanOfTheGreatestNumberIsItself(type: ElementType) throws {
    let workshop = try Workshop()
    let size = UInt64(type.byteCount ?? 0)
    let sign: UInt64 = 1 << (8 * size - 1)
    let infinity = ElementBytes.bits(.infinity, as: type)
    let greatest = ElementBytes.value(infinity - 1, as: type)
    let least = ElementBytes.value(sign | infinity - 1, as: type)
    let model = try workshop.checkpoint("m", [FlatTensor("w", [greatest, 1, least], type: type)])
    for count in 2...4 {
      let merged = try workshop.merge(.mean, [Checkpoint](repeating: model, count: count))
      #expect(try merged.values("w") == [greatest, 1, least])
    }
  }

  @Test func nonFiniteValuesAreAllowedOnRequest() throws {
    let workshop = try Workshop()
    let sources = try workshop.checkpoints([
      [1, .infinity, .infinity, .nan], [3, 1, -.infinity, 1],
    ])
    let values = try workshop.merge(.mean, sources) { $0.nonFinite = .allow }.values("w")
    #expect(values[0] == 2)
    #expect(values[1] == .infinity)
    #expect(values[2].isNaN && values[3].isNaN)
  }

  @Test func nonFiniteValuesOfWhatIsNotMergedDoNoHarm() throws {
    let workshop = try Workshop()
    let inputs = try (0..<2).map {
      try workshop.checkpoint(
        "\($0)",
        [
          FlatTensor("w", [Double($0)]), FlatTensor("head", [.nan]),
          FlatTensor("adam", [.infinity], role: .optimizer),
        ])
    }
    let merged = try workshop.merge(.mean, inputs) { $0.exclude = globs("head") }
    #expect(try merged.values("w") == [0.5])
  }

  static let overflows: [(ElementType, Double)] = [
    (.float16, 65520), (.bfloat16, 3.4e38), (.float32, 3.5e38),
  ]

  @Test(arguments: overflows)
  func overflowInNarrowingIsNamed(type: ElementType, value: Double) throws {
    let tensors = [FlatTensor("w", [1, value], type: .float64)]
    let (error, files) = try fault(.mean, [tensors, tensors]) { $0.elementType = type }
    #expect(error.file == files[0])
    #expect(error.subject == "tensor w")
    #expect(error.fact == "the merged values overflow \(type)")
    #expect(error.remedy?.contains("--dtype") == true)
  }

  /// Inner products that overflow leave no angle; nothing else may be put in its place.
  @Test(arguments: MethodCase.spherical)
  func overflowOfInnerProductsIsAnError(method: MethodCase) throws {
    let base = method.hasBase ? [FlatTensor("w", [0, 0, 0], type: .float64)] : nil
    let sources = (0..<method.inputCount - (method.hasBase ? 1 : 0)).map { k in
      [FlatTensor("w", [1e200, Double(k) * 1e200, -2e199], type: .float64)]
    }
    let (error, _) = try fault(method.operation, base: base, sources)
    #expect(error.subject == "tensor w")
    #expect(error.fact == "the merged values overflow float64")
  }

  @Test func theGreatestNumberDoesNotOverflow() throws {
    let workshop = try Workshop()
    // Below the midpoint of the greatest number and the next one it rounds down.
    let sources = try workshop.checkpoints([[65519.99], [65519.99]], type: .float64)
    #expect(try workshop.merge(.mean, sources) { $0.elementType = .float16 }.values("w") == [65504])
  }

  private func variance(_ values: [Double]) -> [FlatTensor] {
    [FlatTensor("bn/var", values, role: .statistic, isVariance: true), FlatTensor("w", [-1])]
  }

  @Test func aNegativeVarianceIsAnErrorThatNamesIt() throws {
    let (error, _) = try fault(
      .interpolate(alpha: 2), [variance([1, 1]), variance([1, 2.5])])
    #expect(error.subject == "tensor bn/var")
    #expect(error.fact.hasPrefix("the merged variance is negative in places"))
    #expect(error.remedy?.contains("--clamp-variance") == true)
    _ = try fault(
      .taskArithmetic(.negate, scales: [3]), base: variance([1]), [variance([2])])
  }

  @Test func negativeVariancesAreRaisedToZeroOnRequest() throws {
    let workshop = try Workshop()
    let inputs = [
      try workshop.checkpoint("a", variance([1, 1, 1])),
      try workshop.checkpoint("b", variance([1, 2.5, 4])),
    ]
    let merged = try workshop.merge(.interpolate(alpha: 2), inputs, pieceBytes: 4) {
      $0.clampsVariances = true
    }
    #expect(try merged.values("bn/var") == [1, 0, 0])
    #expect(try merged.values("w") == [-1])
    #expect(merged.summary.warnings == ["2 negative variances were raised to zero"])
  }

  /// The difference of two variances is rightly negative, and so is a mean of such differences.
  @Test func taskVectorsMayHaveNegativeVariances() throws {
    let workshop = try Workshop()
    let base = try workshop.checkpoint("base", variance([2]))
    let tuned = try workshop.checkpoint("tuned", variance([1]))
    let task = try workshop.merge(.taskVector, base: base, [tuned], to: "task")
    #expect(try task.values("bn/var") == [-1])
    let mean = try workshop.merge(.mean, [task.checkpoint, task.checkpoint])
    #expect(try mean.values("bn/var") == [-1])
    #expect(mean.summary.warnings.isEmpty)
  }
}
