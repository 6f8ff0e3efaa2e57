import Probing
import Reporting
import Testing

@Suite("Laws of linearity")
struct LinearityLawTests {
  private func measure(
    _ models: [String], data: [String] = ["test"], alphas: [Double] = [0.25, 0.5],
    _ change: (inout ProbeSession.Settings) throws -> Void = { _ in }
  ) throws -> LinearityReport {
    var settings = LinearityMeasurement.Settings()
    settings.alphas = alphas
    return try LinearityMeasurement(
      try SampleSession.open(models, data: data, change), settings
    ).run()
  }

  @Test("alpha 0 and 1 are the sources themselves", arguments: ["mlp", "cnn"])
  func ends(_ network: String) throws {
    let report = try measure(["\(network)/task-a-1", "\(network)/task-b"], alphas: [0, 1])
    for layer in report.union.layers {
      let (zero, one) = (layer.alphas[0], layer.alphas[1])
      #expect(zero.toB.oneMinusCos?.max == 0 && zero.toB.coef?.min == 1, "\(layer.name)")
      #expect(one.toA.oneMinusCos?.max == 0 && one.toA.relativeError?.max == 0, "\(layer.name)")
      #expect(one.closeness.oneMinusCos?.max == 0, "\(layer.name)")
    }
    #expect(report.union.output[0].accuracy == report.union.accuracy?.b)
    #expect(report.union.output[1].accuracy == report.union.accuracy?.a)
    #expect(report.union.output.allSatisfy { $0.agreement == 1 && $0.certified == 1 })
  }

  @Test("a model with itself deviates by no more than rounding")
  func itself() throws {
    let report = try measure(["cnn/task-a-1", "cnn/task-a-1"])
    #expect(report.union.verdict.model == .linear)
    for layer in report.union.layers {
      #expect((layer.alphas[0].closeness.oneMinusCos?.max ?? 1) < 1e-12, "\(layer.name)")
      #expect(layer.baseline.oneMinusCos?.max == 0, "\(layer.name)")
      #expect(layer.weights == nil || layer.weights?.distance == 0, "\(layer.name)")
    }
  }

  @Test("swapping the models and alpha changes nothing")
  func symmetry() throws {
    let there = try measure(["cnn/task-a-1", "cnn/task-b"], alphas: [0.25])
    let back = try measure(["cnn/task-b", "cnn/task-a-1"], alphas: [0.75])
    for (one, other) in zip(there.union.layers, back.union.layers) {
      let (a, b) = (one.alphas[0].closeness.oneMinusCos, other.alphas[0].closeness.oneMinusCos)
      guard let a, let b else { continue }
      #expect(abs(a.mean - b.mean) <= 1e-6 * max(a.mean, 1e-6), "\(one.name)")
    }
  }

  @Test("the figures hardly depend on the batch size", arguments: [1, 7, 500])
  func batches(_ size: Int) throws {
    let models = ["cnn/task-a-1", "cnn/task-b"]
    let whole = try measure(models) { $0.data.limit = 61 }
    let parts = try measure(models) {
      $0.data.limit = 61
      $0.batchSize = size
    }
    // Products may be blocked by their size; then the last bits of features differ, no more.
    for (one, other) in zip(whole.union.layers, parts.union.layers) {
      for (a, b) in zip(one.alphas, other.alphas) {
        guard let a = a.closeness.oneMinusCos, let b = b.closeness.oneMinusCos else { continue }
        #expect(abs(a.mean - b.mean) <= 1e-5 * a.mean + 1e-12, "\(one.name)")
      }
    }
    #expect(whole.union.output.map(\.accuracy) == parts.union.output.map(\.accuracy))
  }

  @Test("a run gives the same bits twice")
  func repetition() throws {
    let models = ["cnn/task-a-1", "cnn/independent"]
    let once = try measure(models) { $0.data.limit = 100 }
    let twice = try measure(models) { $0.data.limit = 100 }
    #expect(once == twice)
  }

  @Test("the first layer before its activation adds nothing: both models see the same input")
  func firstLayerCommutes() throws {
    let report = try measure(["mlp/task-a-1", "mlp/independent"])
    let first = try #require(report.union.layers.first { $0.kind == "Dense" })
    for local in first.local {
      #expect((local.commutativity ?? 1) < 1e-6)
      // What is left is where the activation bends.
      #expect((local.activation ?? 0) > 0.05)
    }
  }

  @Test("the union of files is over all their samples")
  func union() throws {
    let report = try measure(["mlp/task-a-1", "mlp/task-b"], data: ["test", "test-rotated"])
    #expect(report.perData.count == 2)
    for (place, layer) in report.union.layers.enumerated() {
      let parts = report.perData.compactMap { $0.layers[place].alphas[0].closeness.oneMinusCos }
      guard let whole = layer.alphas[0].closeness.oneMinusCos, parts.count == 2 else { continue }
      #expect(abs(whole.mean - (parts[0].mean + parts[1].mean) / 2) < 1e-12, "\(layer.name)")
      #expect(whole.max == max(parts[0].max, parts[1].max), "\(layer.name)")
    }
  }

  @Test("models of one start are linear, an independent one isn't", arguments: ["mlp", "cnn"])
  func verdicts(_ network: String) throws {
    let twins = try measure(["\(network)/task-a-1", "\(network)/task-a-3"])
    #expect(twins.union.verdict.model == .linear, "\(twins.union.verdict.reason)")
    let strangers = try measure(["\(network)/task-a-1", "\(network)/independent"])
    #expect(strangers.union.verdict.model == .broken, "\(strangers.union.verdict.reason)")
    #expect(!strangers.union.verdict.culprits.isEmpty)
  }
}
