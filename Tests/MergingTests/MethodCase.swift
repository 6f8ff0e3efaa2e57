import Checkpoints
import Merging
import Recipes
import Testing

/// A method with parameters, for the laws that all methods obey.
struct MethodCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let operation: MergeRecipe.Operation
  let hasBase: Bool
  /// The number of inputs, a base counted.
  let inputCount: Int

  init(
    _ name: String, _ operation: MergeRecipe.Operation, hasBase: Bool = false, inputCount: Int = 3
  ) {
    testDescription = name
    self.operation = operation
    self.hasBase = hasBase
    self.inputCount = inputCount
  }

  /// A method that is made for a number of sources.
  init(
    _ name: String, hasBase: Bool = false, inputCount: Int = 3,
    _ method: @escaping @Sendable (Int) throws(CheckpointError) -> any MergeMethod
  ) {
    self.init(name, MergeRecipe.Operation(method), hasBase: hasBase, inputCount: inputCount)
  }

  /// Every method, with parameters that leave nothing out.
  static let all = linear + spherical + consensus

  static let linear = [
    MethodCase("mean", .mean),
    MethodCase("weighted mean", .soup(weights: [0.3, 0.5, 1.1], normalize: true)),
    MethodCase("task vector", .taskVector, hasBase: true, inputCount: 2),
    MethodCase("negate", .taskArithmetic(.negate, scales: [0.3, 0.9]), hasBase: true),
    MethodCase("ema") { (count) throws(CheckpointError) in
      try MovingAverage(decay: 0.7, sourceCount: count)
    },
    MethodCase("passthrough", inputCount: 1) { (count) throws(CheckpointError) in
      try Passthrough(scale: 0.3, sourceCount: count)
    },
  ]

  static let spherical = [
    MethodCase("slerp", inputCount: 2) { (count) throws(CheckpointError) in
      try Slerp(t: 0.3, sourceCount: count)
    },
    MethodCase("nuslerp of rows", hasBase: true) { (count) throws(CheckpointError) in
      try NuSlerp(weights: [1, 3], hasBase: true, sourceCount: count, flatten: false)
    },
    MethodCase("nuslerp of columns", inputCount: 2) { (count) throws(CheckpointError) in
      try NuSlerp(weights: nil, hasBase: false, sourceCount: count, flatten: false, rowWise: true)
    },
    MethodCase("multislerp") { (count) throws(CheckpointError) in
      try MultiSlerp(weights: [1, 2, 4], hasBase: false, sourceCount: count)
    },
    MethodCase("karcher") { (count) throws(CheckpointError) in
      try Karcher(weights: nil, sourceCount: count)
    },
    MethodCase("model stock", hasBase: true) { (count) throws(CheckpointError) in
      try ModelStock(sourceCount: count)
    },
    MethodCase("geometric median") { (count) throws(CheckpointError) in
      try GeometricMedian(weights: nil, sourceCount: count)
    },
  ]

  static let consensus =
    ConsensusVerb.allCases.flatMap { verb in
      Compatibility.allCases.map { compatibility in
        MethodCase("\(verb.rawValue), \(compatibility.rawValue)", hasBase: true) {
          (count) throws(CheckpointError) in
          var settings = ConsensusSettings(verb, compatibility)
          settings.density = [0.6]
          return try Consensus(settings, sourceCount: count)
        }
      }
    } + [
      MethodCase("sce", hasBase: true) { (count) throws(CheckpointError) in
        try SCE(selecting: 0.4, sourceCount: count)
      }
    ]
}
