import Checkpoints
import TestSupport
import Testing

@testable import Merging

/// Every method against its formula, written here in Float64 and rounded once.
struct MethodTests {
  /// A method with its formula; the inputs' values come in their order, a base first.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let operation: MergeRecipe.Operation
    let hasBase: Bool
    /// How many inputs the formula takes.
    let inputCount: Int
    let formula: @Sendable ([Double]) -> Double

    init(
      _ name: String, _ operation: MergeRecipe.Operation, hasBase: Bool = false,
      inputCount: Int = 3, _ formula: @escaping @Sendable ([Double]) -> Double
    ) {
      self.testDescription = name
      self.operation = operation
      self.hasBase = hasBase
      self.inputCount = inputCount
      self.formula = formula
    }
  }

  static let cases = [
    Case("mean", .mean) { ($0[0] + $0[1] + $0[2]) / 3 },
    Case("sum", .soup(weights: nil, normalize: false)) { $0[0] + $0[1] + $0[2] },
    Case("equal weights", .soup(weights: [0.1, 0.1, 0.1], normalize: true)) {
      ($0[0] + $0[1] + $0[2]) / 3
    },
    Case("weighted mean", .soup(weights: [0.5, 2, 1.3], normalize: true)) {
      (0.5 * $0[0] + 2 * $0[1] + 1.3 * $0[2]) / (0.5 + 2 + 1.3)
    },
    Case("weighted sum", .soup(weights: [0.5, -2, 1.3], normalize: false)) {
      0.5 * $0[0] + -2 * $0[1] + 1.3 * $0[2]
    },
    Case("interpolation", .interpolate(alpha: 0.3), inputCount: 2) {
      0.3 * $0[0] + (1 - 0.3) * $0[1]
    },
    Case("extrapolation", .interpolate(alpha: 1.7), inputCount: 2) {
      1.7 * $0[0] + (1 - 1.7) * $0[1]
    },
    Case("task vector", .taskVector, hasBase: true, inputCount: 2) { $0[1] - $0[0] },
    Case("add", .taskArithmetic(.add, scales: [0.4, 0.7]), hasBase: true) {
      $0[0] + 0.4 * ($0[1] - $0[0]) + 0.7 * ($0[2] - $0[0])
    },
    Case("add, one scale", .taskArithmetic(.add, scales: [0.3]), hasBase: true) {
      $0[0] + 0.3 * ($0[1] - $0[0]) + 0.3 * ($0[2] - $0[0])
    },
    Case("negate", .taskArithmetic(.negate, scales: [0.4, 0]), hasBase: true) {
      $0[0] - 0.4 * ($0[1] - $0[0])
    },
  ]

  /// Tensors of every rank and storage; values are multiples of 1/64, so that sums are exact and the
  /// mean's formula rounds but once.
  static func tensors(
    _ generator: inout SeededGenerator, type: ElementType, order: ByteOrder
  ) -> [FlatTensor] {
    let shapes: [(String, [Int], FlatTensor.Placement)] = [
      ("scalar", [], .contiguous), ("one", [1], .contiguous), ("odd", [3, 7], .contiguous),
      ("long", [2, 1101], .contiguous), ("small", [2, 3], .inline),
      ("boxes", [9, 11], .chunked([4, 3], absent: [5])), ("rows", [1200], .chunked([100])),
      ("absent", [4], .fill),
    ]
    return shapes.map { name, shape, placement in
      var values = (0..<shape.reduce(1, *)).map { _ in
        Double(Int.random(in: -127...127, using: &generator)) / 64
      }
      if case .fill = placement { values = [Double](repeating: values[0], count: values.count) }
      if case .chunked(let chunk, let absent) = placement, !absent.isEmpty {
        // Box 5 of a grid of 3 x 4: rows 4...7, columns 3...5.
        for row in 4..<8 { for column in 3..<6 { values[row * shape[1] + column] = 0 } }
        #expect(chunk == [4, 3])
      }
      return FlatTensor(
        name, values, type: type, shape: shape, order: order, placement: placement)
    }
  }

  private func check(
    _ method: Case, types: [(ElementType, ByteOrder)], output: ElementType?,
    storage: OutputRequest.Storage = .contiguous
  ) throws {
    let workshop = try Workshop()
    var generator = SeededGenerator(seed: 11)
    let inputs = try (0..<method.inputCount).map { place in
      let (type, order) = types[place % types.count]
      return try workshop.checkpoint(
        "\(place)", MethodTests.tensors(&generator, type: type, order: order),
        isShuffled: place == 1)
    }
    let merged = try workshop.merge(
      method.operation, base: method.hasBase ? inputs[0] : nil,
      Array(inputs.dropFirst(method.hasBase ? 1 : 0))
    ) {
      $0.elementType = output
      $0.storage = storage
    }
    let type = output ?? types[0].0
    for tensor in inputs[0].tensors {
      let name = tensor.name.text
      let values = try inputs.map { try FlatFile.values(of: name, in: $0) }
      let expected = values[0].indices.map { place in method.formula(values.map { $0[place] }) }
      #expect(
        try merged.bytes(name) == ElementBytes.encode(expected, as: type, types[0].1), "\(name)")
    }
  }

  @Test(arguments: cases, floatTypes)
  func resultIsTheFormulaRoundedOnce(method: Case, type: ElementType) throws {
    try check(method, types: [(type, .little)], output: nil)
    try check(method, types: [(type, .big)], output: nil)
  }

  @Test(arguments: cases, floatTypes)
  func sourcesOfMixedTypesAndByteOrdersAreMerged(method: Case, first: ElementType) throws {
    let others = floatTypes.filter { $0 != first }
    try check(
      method, types: [(first, .big), (others[0], .little), (others[1], .big)], output: nil)
    try check(
      method, types: [(first, .little), (others[2], .big), (others[0], .little)],
      output: others[1])
  }

  @Test(arguments: cases)
  func chunksAreKept(method: Case) throws {
    try check(method, types: [(.float32, .little)], output: nil, storage: .keep)
    try check(
      method, types: [(.float32, .big), (.float16, .big)], output: .float64, storage: .keep)
  }

  @Test(arguments: 1...12)
  func meanOfAnyNumberOfSources(count: Int) throws {
    let workshop = try Workshop()
    var generator = SeededGenerator(seed: UInt64(count))
    let values = (0..<count).map { _ in
      (0..<37).map { _ in Double(Int.random(in: -1000...1000, using: &generator)) }
    }
    let merged = try workshop.merge(.mean, workshop.checkpoints(values))
    let expected = (0..<37).map { place in
      values.map { $0[place] }.reduce(0, +) / Double(count)
    }
    #expect(try merged.bytes("w") == ElementBytes.encode(expected, as: .float32))
  }
}
