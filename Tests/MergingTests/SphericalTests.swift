import Checkpoints
import Recipes
import TestSupport
import Testing

@testable import Merging

/// The laws of methods that are sums with coefficients from angles and lengths.
struct SphericalTests {
  /// sin 60°.
  private static let height = 0.75.squareRoot()

  /// The merged values of Float64 tensors.
  private func merged(
    _ sources: [[Double]], base: [Double]? = nil, shape: [Int]? = nil,
    by make: @escaping MethodMaker
  ) throws -> [Double] {
    let workshop = try Workshop()
    let all = [base].compactMap(\.self) + sources
    var inputs = try all.enumerated().map { place, values in
      try workshop.checkpoint(
        "\(place)", [FlatTensor("w", values, type: .float64, shape: shape ?? [values.count])])
    }
    let first = base == nil ? nil : inputs.removeFirst()
    return try workshop.merge(MergeRecipe.Operation(make), base: first, inputs).values("w")
  }

  private func random(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in .random(in: -1...1, using: &generator) }
  }

  private func expect(
    _ values: [Double], near expected: [Double], within tolerance: Double = 4e-15,
    _ sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(values.count == expected.count, sourceLocation: sourceLocation)
    for (value, known) in zip(values, expected) {
      #expect(abs(value - known) <= tolerance, sourceLocation: sourceLocation)
    }
  }

  /// Every method with parameters under which sources of equal weight count alike.
  enum Method: CaseIterable {
    case slerp, nuSlerp, rows, columns, multiSlerp, karcher, modelStock, filters, median

    var hasBase: Bool { self == .modelStock || self == .filters }
    var takesPairsOnly: Bool { [.slerp, .nuSlerp, .rows, .columns].contains(self) }

    func make(
      _ count: Int, _ compatibility: Compatibility
    ) throws(CheckpointError) -> any MergeMethod {
      switch self {
      case .slerp: return try Slerp(t: 0.5, sourceCount: count, compatibility: compatibility)
      case .nuSlerp, .rows, .columns:
        return try NuSlerp(
          weights: nil, hasBase: false, sourceCount: count, flatten: self == .nuSlerp,
          rowWise: self == .columns, compatibility: compatibility)
      case .multiSlerp:
        return try MultiSlerp(
          weights: nil, hasBase: false, sourceCount: count, compatibility: compatibility)
      case .karcher:
        return try Karcher(weights: nil, sourceCount: count, compatibility: compatibility)
      case .modelStock, .filters:
        return try ModelStock(
          sourceCount: count, filterWise: self == .filters, compatibility: compatibility)
      case .median: return try GeometricMedian(weights: nil, sourceCount: count)
      }
    }
  }

  @Test(arguments: Method.allCases, Compatibility.allCases)
  func identicalModelsAreTheModel(method: Method, compatibility: Compatibility) throws {
    let model = random(60, seed: 1)
    for count in method.takesPairsOnly ? 2...2 : 2...4 {
      let result = try merged(
        [[Double]](repeating: model, count: count),
        base: method.hasBase ? random(60, seed: 2) : nil, shape: [4, 15]
      ) { (count) throws(CheckpointError) in
        try method.make(count, compatibility)
      }
      // mergekit's multislerp adds 1e-8 to lengths.
      expect(result, near: model, within: compatibility == .paper ? 4e-15 : 1e-7)
    }
  }

  @Test(arguments: Method.allCases, Compatibility.allCases)
  func theOrderOfSourcesMattersNoMoreThanRounding(
    method: Method, compatibility: Compatibility
  ) throws {
    let models = (0..<(method.takesPairsOnly ? 2 : 3)).map { random(60, seed: $0) }
    let base = method.hasBase ? random(60, seed: 9) : nil
    let make: MethodMaker = { (count) throws(CheckpointError) in
      try method.make(count, compatibility)
    }
    let there = try merged(models, base: base, shape: [4, 15], by: make)
    let back = try merged(models.reversed(), base: base, shape: [4, 15], by: make)
    expect(back, near: there, within: 1e-13)
  }

  @Test(arguments: floatTypes)
  func endsOfTheGreatCircleAreTheModelsBitForBit(type: ElementType) throws {
    let workshop = try Workshop()
    let sources = try workshop.checkpoints(
      [random(99, seed: 1) + [0, -0.0], random(99, seed: 2) + [-0.0, 0]], type: type)
    for (t, source) in [(0.0, 0), (1.0, 1)] {
      for compatibility in Compatibility.allCases {
        let slerp = MergeRecipe.Operation { (count) throws(CheckpointError) in
          try Slerp(t: t, sourceCount: count, compatibility: compatibility)
        }
        let expected = try FlatFile.bytes(of: "w", in: sources[source])
        #expect(try workshop.merge(slerp, sources).bytes("w") == expected)
      }
    }
  }

  /// A right angle: sin((1-t)·90°) and sin(t·90°).
  @Test func orthogonalVectorsByHand() throws {
    let root = (0.5).squareRoot()
    let models = [[1, 0, 0], [0, 2, 0.0]]
    for compatibility in Compatibility.allCases {
      expect(
        try merged(models) { (count) throws(CheckpointError) in
          try Slerp(t: 0.5, sourceCount: count, compatibility: compatibility)
        }, near: [root, 2 * root, 0])
      expect(
        try merged(models) { (count) throws(CheckpointError) in
          try Slerp(t: 1.0 / 3, sourceCount: count, compatibility: compatibility)
        }, near: [SphericalTests.height, 1, 0])
    }
    // The mean direction times the mean length 1.5.
    for method in [Method.multiSlerp, .karcher] {
      expect(
        try merged(models) { (count) throws(CheckpointError) in try method.make(count, .paper) },
        near: [1.5 * root, 1.5 * root, 0])
    }
    let third = (1.0 / 3).squareRoot()
    expect(
      try merged([[1, 0, 0], [0, 1, 0], [0, 0, 1]]) { (count) throws(CheckpointError) in
        try Karcher(weights: nil, sourceCount: count)
      }, near: [third, third, third])
  }

  /// At two thirds of the way from (1, 0) to (0, 1) lie the weights 1 and 2.
  @Test func weightedKarcherMeanOfTwoIsTheirSlerp() throws {
    expect(
      try merged([[1, 0], [0, 1]]) { (count) throws(CheckpointError) in
        try Karcher(weights: [1, 2], sourceCount: count)
      }, near: [0.5, SphericalTests.height])
  }

  @Test func oppositeVectorsDontPullTheMean() throws {
    for compatibility in Compatibility.allCases {
      expect(
        try merged([[1], [2], [-3]]) { (count) throws(CheckpointError) in
          try Karcher(weights: nil, sourceCount: count, compatibility: compatibility)
        }, near: [2])
    }
  }

  @Test func vectorsOnOneLineAreInterpolated() throws {
    for (a, b) in [([1, 2.0], [2, 4.0]), ([1, 2], [-1, -2]), ([0, 0], [3, 1])] {
      let result = try merged([a, b]) { (count) throws(CheckpointError) in
        try Slerp(t: 0.25, sourceCount: count)
      }
      #expect(result == zip(a, b).map { 0.75 * $0 + 0.25 * $1 })
    }
  }

  @Test func weightsNameThePointOfNuSlerp() throws {
    let models = [random(30, seed: 1), random(30, seed: 2)]
    let byWeights = try merged(models) { (count) throws(CheckpointError) in
      try NuSlerp(weights: [1, 3], hasBase: false, sourceCount: count)
    }
    let byPoint = try merged(models) { (count) throws(CheckpointError) in
      try Slerp(t: 0.75, sourceCount: count)
    }
    #expect(byWeights == byPoint)
  }

  @Test(arguments: Compatibility.allCases)
  func rowsAndColumnsAreTensorsOfTheirOwn(compatibility: Compatibility) throws {
    let (rows, columns) = (5, 7)
    let models = [random(35, seed: 1), random(35, seed: 2)]
    let base = random(35, seed: 3)
    func whole(_ rowWise: Bool) throws -> [Double] {
      try merged(models, base: base, shape: [rows, columns]) { (count) throws(CheckpointError) in
        try NuSlerp(
          weights: [1, 2], hasBase: true, sourceCount: count, flatten: false, rowWise: rowWise,
          compatibility: compatibility)
      }
    }
    func alone(_ places: [Int]) throws -> [Double] {
      try merged(models.map { model in places.map { model[$0] } }, base: places.map { base[$0] }) {
        (count) throws(CheckpointError) in
        try NuSlerp(
          weights: [1, 2], hasBase: true, sourceCount: count, compatibility: compatibility)
      }
    }
    let (byRows, byColumns) = (try whole(false), try whole(true))
    for row in 0..<rows {
      let places = (0..<columns).map { row * columns + $0 }
      #expect(try places.map { byRows[$0] } == alone(places))
    }
    for column in 0..<columns {
      let places = (0..<rows).map { $0 * columns + column }
      // Their products are summed in another order.
      expect(places.map { byColumns[$0] }, near: try alone(places), within: 1e-15)
    }
  }

  @Test func filtersAreTensorsOfTheirOwn() throws {
    let models = (1...3).map { random(24, seed: $0) }
    let base = random(24, seed: 4)
    let whole = try merged(models, base: base, shape: [4, 6]) { (count) throws(CheckpointError) in
      try ModelStock(sourceCount: count, filterWise: true)
    }
    for row in 0..<4 {
      let places = row * 6..<row * 6 + 6
      let alone = try merged(models.map { Array($0[places]) }, base: Array(base[places])) {
        (count) throws(CheckpointError) in try ModelStock(sourceCount: count)
      }
      #expect(Array(whole[places]) == alone)
    }
  }

  @Test func modelStockByHand() throws {
    func stock(_ sources: [[Double]], _ compatibility: Compatibility = .paper) throws -> [Double] {
      try merged(sources, base: [1, 1]) { (count) throws(CheckpointError) in
        try ModelStock(sourceCount: count, compatibility: compatibility)
      }
    }
    // Task vectors at right angles: the base.
    expect(try stock([[2, 1], [1, 2]]), near: [1, 1])
    // At 60°: t = 2·½/(1 + ½) = ⅔ of the mean.
    let height = SphericalTests.height
    expect(try stock([[2, 1], [1.5, 1 + height]]), near: [1.5, 1 + height / 3])
    // Short task vectors: mergekit takes them for orthogonal, nearly.
    let short = [[1 + 0x1p-20, 1], [1 + 0x1p-21, 1 + height * 0x1p-20]]
    expect(try stock(short), near: [1 + 0x1p-21, 1 + height / 3 * 0x1p-20], within: 1e-15)
    expect(try stock(short, .mergekit), near: [1, 1], within: 1e-11)
  }

  /// mergekit's `slerp` takes the line at small angles, the sphere's chord is longer.
  @Test func smallAnglesAreALineToMergekitOnly() throws {
    let models = [[1, 0], [0.9999995, 0.001]]
    let line = try merged(models) { (count) throws(CheckpointError) in
      try Slerp(t: 0.5, sourceCount: count, compatibility: .mergekit)
    }
    #expect(line == [0.5 * 1 + 0.5 * 0.9999995, 0.5 * 0.001])
    let arc = try merged(models) { (count) throws(CheckpointError) in
      try Slerp(t: 0.5, sourceCount: count)
    }
    // 1/(2 cos(θ/2)) = ½·(1 + θ²/8 + …)
    #expect(abs(arc[1] / line[1] - (1 + 1e-6 / 8)) < 1e-11)
  }

  @Test func weightsThatSumToZeroAreTheMiddleToMergekitOnly() throws {
    #expect(throws: CheckpointError.self) {
      try NuSlerp(weights: [1, -1], hasBase: false, sourceCount: 2)
    }
    let models = [random(9, seed: 1), random(9, seed: 2)]
    let middle = try merged(models) { (count) throws(CheckpointError) in
      try NuSlerp(weights: [1, -1], hasBase: false, sourceCount: count, compatibility: .mergekit)
    }
    let known = try merged(models) { (count) throws(CheckpointError) in
      try NuSlerp(weights: nil, hasBase: false, sourceCount: count, compatibility: .mergekit)
    }
    #expect(middle == known)
  }

  @Test func directionsThatCancelHaveNoMean() throws {
    let triangle = [[1, 0], [-0.5, SphericalTests.height], [-0.5, -SphericalTests.height]]
    let error = #expect(throws: CheckpointError.self) {
      try merged(triangle) { (count) throws(CheckpointError) in
        try MultiSlerp(weights: nil, hasBase: false, sourceCount: count)
      }
    }
    #expect(error?.kind == .numeric)
    // Of two their weighted mean is taken.
    expect(
      try merged([[1, 2], [-1, -2]]) { (count) throws(CheckpointError) in
        try MultiSlerp(weights: nil, hasBase: false, sourceCount: count)
      }, near: [0, 0])
  }

  @Test func theGeometricMedianByHand() throws {
    func median(_ sources: [[Double]], weights: [Double]? = nil) throws -> [Double] {
      try merged(sources) { (count) throws(CheckpointError) in
        try GeometricMedian(weights: weights, sourceCount: count)
      }
    }
    // On a line it is the one in the middle, however far the last one is.
    #expect(try median([[0, 0], [1, 2], [100, 200]]) == [1, 2])
    #expect(try median([[0, 0], [1, 2], [3, 9]], weights: [5, 1, 1]) == [0, 0])
    // Of a triangle with equal sides it is the centre.
    let triangle = [[1, 0], [-0.5, SphericalTests.height], [-0.5, -SphericalTests.height]]
    expect(try median(triangle), near: [0, 0])
    // Of a convex quadrangle it is where the diagonals meet.
    expect(try median([[0, 0], [4, 0], [4, 2], [0, 2]]), near: [2, 1], within: 1e-13)
  }

  @Test func oneSourceIsItself() throws {
    let model = random(40, seed: 6)
    let all: [any MergeMethod] = [
      try MultiSlerp(weights: nil, hasBase: false, sourceCount: 1),
      try Karcher(weights: nil, sourceCount: 1),
      try GeometricMedian(weights: nil, sourceCount: 1),
      try MovingAverage(decay: 0.3, sourceCount: 1), try Passthrough(sourceCount: 1),
    ]
    for method in all {
      #expect(try merged([model]) { (_) throws(CheckpointError) in method } == model)
    }
    for method in [Method.slerp, .nuSlerp, .modelStock] {
      let error = #expect(throws: CheckpointError.self) { _ = try method.make(1, .paper) }
      #expect(error?.kind == .usage)
    }
  }

  @Test func theMovingAverageByHand() throws {
    let models = [[4, -0.0], [8, 1], [16, 3]]
    func average(_ decay: Double) throws -> [Double] {
      try merged(models) { (count) throws(CheckpointError) in
        try MovingAverage(decay: decay, sourceCount: count)
      }
    }
    // 4·¼ + 8·¼ + 16·½, step by step (4 -> 6 -> 11).
    #expect(try average(0.5) == [11, 1.75])
    #expect(try average(1).map(\.bitPattern) == models[0].map(\.bitPattern))
    #expect(try average(0) == models[2])
    #expect(throws: CheckpointError.self) { try average(1.5) }
  }

  @Test func passthroughScales() throws {
    let model = random(40, seed: 7)
    for scale in [1, -0.5, 0.3] {
      let result = try merged([model]) { (count) throws(CheckpointError) in
        try Passthrough(scale: scale, sourceCount: count)
      }
      #expect(result == model.map { scale * $0 })
    }
    #expect(throws: CheckpointError.self) { try Passthrough(sourceCount: 2) }
  }

  /// More than one section, so that partial results are put together.
  @Test func sectionsAreMergedInOrder() throws {
    let workshop = try Workshop()
    let count = TensorReader.sectionCount + 777
    let sources = try workshop.checkpoints([random(count, seed: 1), random(count, seed: 2)])
    let slerp = MergeRecipe.Operation { (count) throws(CheckpointError) in
      try Slerp(t: 0.3, sourceCount: count)
    }
    let alone = try workshop.merge(slerp, sources, threads: 1).bytes
    #expect(try workshop.merge(slerp, sources, threads: 3).bytes == alone)
  }
}
