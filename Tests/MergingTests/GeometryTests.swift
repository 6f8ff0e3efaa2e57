import Checkpoints
import TestSupport
import Testing

@testable import Merging

/// How task vectors lie to one another, against the formulas written out over sorted lists.
struct GeometryTests {
  private let workshop: Workshop

  init() throws {
    workshop = try Workshop()
  }

  private func noise(_ count: Int, seed: UInt64, scale: Double = 1) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    // Of float32's grid, so that what a file holds is what the oracle computes with.
    return (0..<count).map { _ in
      Double(Float(Double.random(in: -1...1, using: &generator) * scale))
    }
  }

  private func model(
    _ name: String, _ tensors: [(name: String, shape: [Int], values: [Double])],
    attributes: [Checkpoint.Attribute] = []
  ) throws -> Checkpoint {
    try workshop.checkpoint(
      name, tensors.map { FlatTensor($0.name, $0.values, shape: $0.shape) },
      attributes: attributes)
  }

  private func geometry(
    _ models: [Checkpoint], base: Checkpoint?, densities: [Double] = [1, 0.5, 0.1],
    threads: Int = 2
  ) throws -> CheckpointGeometry {
    var settings = CheckpointGeometry.Settings(threads: threads)
    settings.densities = densities
    return try CheckpointGeometry(models, base: base, settings: settings)
  }

  /// The tuned models' values: a change of some elements only, and equal magnitudes among them.
  private func tuned(_ base: [Double], seed: UInt64) -> [Double] {
    let change = noise(base.count, seed: seed, scale: 0.25)
    return zip(base, change).enumerated().map { place, pair in
      switch place % 5 {
      case 0: pair.0
      case 1: pair.0 + (pair.1 < 0 ? -0.125 : 0.125)
      default: Double(Float(pair.0 + pair.1))
      }
    }.map { Double(Float($0)) }
  }

  @Test func figuresAreThoseOfTheFormulas() throws {
    let shapes = [("a/kernel", [40, 30]), ("a/bias", [30]), ("b/kernel", [30, 7])]
    let base = shapes.enumerated().map { noise($1.1.reduce(1, *), seed: UInt64(40 + $0)) }
    let models = (0..<3).map { k in
      base.indices.map { tuned(base[$0], seed: UInt64(100 * k + $0)) }
    }
    func file(_ name: String, _ values: [[Double]]) throws -> Checkpoint {
      try model(name, zip(shapes, values).map { ($0.0, $0.1, $1) })
    }
    let densities = [1, 0.5, 0.1]
    let result = try geometry(
      try models.enumerated().map { try file("\($0)", $1) }, base: try file("base", base),
      densities: densities)
    #expect(result.tensors.map(\.name.text) == shapes.map(\.0))
    #expect(result.layers.map(\.name) == ["a", "b"])
    for (place, tensor) in result.tensors.enumerated() {
      let oracle = Oracle(base[place], models.map { $0[place] }, densities)
      oracle.check(tensor.figures)
    }
    // A whole is the concatenation of its parts, but for the trimming, which is by tensor.
    let all = Oracle(base.flatMap(\.self), models.map { $0.flatMap(\.self) }, [])
    all.check(result.whole)
    for density in densities.indices {
      let parts = result.tensors.map { $0.figures.signConflicts[density] }
      #expect(
        result.whole.signConflicts[density].conflicts == parts.reduce(0) { $0 + $1.conflicts })
      #expect(result.whole.signConflicts[density].kept == parts.reduce(0) { $0 + $1.kept })
    }
  }

  @Test func threadsDontChangeABit() throws {
    let count = (1 << 20) + 3000
    let base = noise(count, seed: 1)
    let files = try (0..<2).map { k in
      try model("\(k)", [("w", [count], tuned(base, seed: UInt64(7 + k)))])
    }
    let pretrained = try model("base", [("w", [count], base)])
    let one = try geometry(files, base: pretrained, densities: [0.2], threads: 1).whole
    let many = try geometry(files, base: pretrained, densities: [0.2], threads: 3).whole
    #expect(one.products == many.products)
    #expect(one.signConflicts == many.signConflicts)
    #expect(one.signConflicts[0].kept <= 2 * count / 5 && one.signConflicts[0].kept > count / 5)
  }

  @Test func withoutABaseTheVectorsAreTheModels() throws {
    let files = try [[3.0, 4], [4, 3]].enumerated().map {
      try model("\($0)", [("w", [2, 1], $1)])
    }
    let figures = try geometry(files, base: nil).whole
    #expect(figures.norms == [5, 5])
    #expect(figures.cosines[0][1] == 0.96)
    #expect(figures.distances[0][1] == 2.0.squareRoot())
    #expect(figures.baseNorm == nil && figures.relativeNorms == [nil, nil])
    #expect(figures.signConflicts.isEmpty && figures.modelStockRatio == nil)
  }

  @Test func aTaskVectorStandsForItsModel() throws {
    let (base, change) = ([1.0, 2, 3, 4], [0.5, -0.25, 0, 1])
    let pretrained = try model("base", [("w", [2, 2], base)])
    let own = try model("own", [("w", [2, 2], zip(base, change).map { $0 + $1 })])
    let vector = try model(
      "tau", [("w", [2, 2], change)],
      attributes: [.init(name: "ctl_merge", value: "{\"kind\":\"task-vector\"}")])
    let figures = try geometry([own, vector], base: pretrained).whole
    #expect(figures.products[0][0] == figures.products[1][1])
    #expect(figures.cosines[0][1] == 1 && figures.angles[0][1] == 0)
    #expect(figures.changedShares == [0.75, 0.75])
    #expect(throws: CheckpointError.self) { try geometry([own, vector], base: nil) }
  }

  @Test func originsAreToldByTheCosinesOfWeights() throws {
    let count = 4096
    let (x, y) = (noise(count, seed: 1), noise(count, seed: 2))
    func file(_ name: String, _ values: [Double]) throws -> Checkpoint {
      // Biases agree whatever the origin, and have no say.
      try model(
        name,
        [("w/kernel", [64, 64], values), ("w/bias", [1000], .init(repeating: 9, count: 1000))])
    }
    let base = try file("base", x)
    let near = try (0..<2).map { k in
      try file("near\(k)", zip(x, noise(count, seed: UInt64(10 + k))).map { $0 + 0.3 * $1 })
    }
    let far = try (0..<2).map { k in
      try file("far\(k)", zip(y, noise(count, seed: UInt64(20 + k))).map { $0 + 0.3 * $1 })
    }
    let between = try file("between", zip(x, y).map { 0.4 * $0 + $1 })
    #expect(try geometry(near, base: base).origin.answer == .yes)
    #expect(try geometry(far, base: base).origin.answer == .otherBase)
    #expect(try geometry([near[0], far[0]], base: base).origin.answer == .no)
    #expect(try geometry([far[0]], base: base).origin.answer == .no)
    #expect(try geometry([between], base: base).origin.answer == .unclear)
    #expect(try geometry(near, base: nil).origin.answer == .yes)
    #expect(try geometry([near[0], far[0]], base: nil).origin.answer == .no)
    #expect(try geometry([near[0], far[0]], base: base).origin.groups == [[0, 1], [2]])
    // Two such task vectors share -b, whatever the models.
    let unrelated = try geometry(
      [try file("u", y), try file("v", noise(count, seed: 3))], base: base)
    let kernel = try #require(unrelated.tensors.first)
    #expect(abs((kernel.figures.cosines[0][1] ?? 0) - 0.5) < 0.05)
    #expect(abs((kernel.figures.relativeNorms[0] ?? 0) - 2.0.squareRoot()) < 0.05)
  }

  @Test func aNewHeadIsNamed() throws {
    let (body, head) = (noise(4096, seed: 1), noise(512, seed: 2))
    let base = try model(
      "base", [("body/kernel", [64, 64], body), ("head/kernel", [64, 8], head)])
    let tuned = try model(
      "tuned",
      [
        ("body/kernel", [64, 64], body.map { $0 * 1.01 }),
        ("head/kernel", [64, 8], noise(512, seed: 3)),
      ])
    let origin = try geometry([tuned], base: base).origin
    #expect(origin.answer == .yes)
    #expect(origin.replacements.map(\.layer) == ["head"])
    #expect(origin.replacements.map(\.model) == [0])
  }

  @Test func whatCantBeComparedIsNamed() throws {
    let a = try model("a", [("w", [2, 2], [1, 2, 3, 4]), ("n", [1], [.nan]), ("only", [1], [1])])
    let b = try model("b", [("w", [4], [1, 2, 3, 4]), ("n", [1], [1]), ("x", [1], [1])])
    let error = #expect(throws: CheckpointError.self) { try geometry([a, b], base: nil) }
    #expect(error?.fact.contains("has shape 4 instead of 2x2") == true)
    let c = try model("c", [("w", [2, 2], [4, 3, 2, 1]), ("n", [1], [1])])
    let skipped = try geometry([a, c], base: nil).skipped
    #expect(skipped.map(\.name.text).sorted() == ["n", "only"])
    #expect(throws: CheckpointError.self) { try geometry([a], base: nil) }
    for densities in [[0.0], [1.5], [.nan], [Double](repeating: 0.5, count: 17)] {
      let error = #expect(throws: CheckpointError.self) {
        try geometry([c], base: c, densities: densities)
      }
      #expect(error?.kind == .usage)
    }
  }
}

/// The formulas by lists that are sorted.
private struct Oracle {
  let base: [Double]
  let tasks: [[Double]]
  let densities: [Double]

  init(_ base: [Double], _ models: [[Double]], _ densities: [Double]) {
    self.base = base
    tasks = models.map { zip($0, base).map { $0 - $1 } }
    self.densities = densities
  }

  private func product(_ x: [Double], _ y: [Double]) -> Double {
    zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
  }

  func check(_ figures: GeometryFigures, location: SourceLocation = #_sourceLocation) {
    func close(_ x: Double?, _ y: Double, scale: Double = 1) {
      let distance = x.map { abs($0 - y) } ?? .infinity
      #expect(distance <= 1e-11 * max(scale, 1e-3), "\(x ?? .nan) \(y)", sourceLocation: location)
    }
    let norms = tasks.map { product($0, $0).squareRoot() }
    let length = product(base, base).squareRoot()
    close(figures.baseNorm, length, scale: length)
    var cosines: [Double] = []
    for i in tasks.indices {
      close(figures.norms[i], norms[i], scale: norms[i])
      close(figures.relativeNorms[i], norms[i] / length)
      let changed = tasks[i].count { $0 != 0 }
      #expect(figures.changedShares[i] == Double(changed) / Double(base.count))
      for j in tasks.indices {
        close(figures.products[i][j], product(tasks[i], tasks[j]), scale: norms[i] * norms[j])
        close(figures.cosines[i][j], product(tasks[i], tasks[j]) / norms[i] / norms[j])
        let difference = zip(tasks[i], tasks[j]).map { $0 - $1 }
        close(
          figures.distances[i][j], product(difference, difference).squareRoot(), scale: norms[i])
        if j < i { cosines.append(product(tasks[i], tasks[j]) / norms[i] / norms[j]) }
      }
    }
    let cosine = cosines.reduce(0, +) / Double(cosines.count)
    let count = Double(tasks.count)
    close(figures.modelStockRatio, count * cosine / (1 + (count - 1) * cosine))
    for (place, density) in densities.enumerated() {
      let kept = tasks.map { trimmed($0, density) }
      let marks = base.indices.map { e in kept.map { $0[e] }.filter { $0 != 0 } }
      let conflicts = figures.signConflicts[place]
      #expect(conflicts.kept == marks.count { !$0.isEmpty }, sourceLocation: location)
      #expect(conflicts.shared == marks.count { $0.count > 1 }, sourceLocation: location)
      let opposed = marks.count { mark in mark.contains { $0 > 0 } && mark.contains { $0 < 0 } }
      #expect(conflicts.conflicts == opposed, sourceLocation: location)
    }
  }

  /// The largest magnitudes; among equals those that come first.
  private func trimmed(_ task: [Double], _ density: Double) -> [Double] {
    let order = task.indices.sorted {
      (-abs(task[$0]), $0) < (-abs(task[$1]), $1)
    }
    let kept = Set(order.prefix(max(1, Int(density * Double(task.count)))))
    return task.indices.map { kept.contains($0) ? task[$0] : 0 }
  }
}
