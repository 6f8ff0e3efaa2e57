import Checkpoints
import Networks
import Testing

@Suite("Layers against Keras")
struct LayerVectorTests {
  @Test("every table has its file, and every case of the files is read")
  func readsEveryCase() {
    #expect(LayerVector.all.count == LayerVector.lineCount)
    #expect(LayerVector.tables == LayerVector.sources)
    #expect(!LayerVector.tables.isEmpty)
  }

  @Test("a layer gives Keras's values", arguments: LayerVector.all)
  func agreesWithKeras(_ vector: LayerVector) throws {
    let run = try LayerRun(vector, splitting: .none)
    try #require(run.outputs.count == vector.outputs.count)
    for (number, output) in vector.outputs.enumerated() {
      let feature = run.outputs[number]
      #expect(run.plan.shapes[run.plan.outputs[number]] == Array(output.shape.dropFirst()))
      #expect(feature.array.shape == output.shape)
      expect(feature.array.elements, near: output.elements, "output \(number)")
    }
    #expect(run.outputs[0].mask?.elements == vector.mask?.elements)
  }

  @Test("weights have Keras's names, shapes, order and places in files", arguments: LayerVector.all)
  func namesWeights(_ vector: LayerVector) throws {
    let shapes = vector.inputs.map { Array($0.values.shape.dropFirst()) }
    let plan = try NetworkPlan(LayerRun.graph(vector), inputShapes: shapes, splitting: .none)
    let slots = try #require(plan.slots.last)
    #expect(slots.map(\.name) == vector.weights.map(\.name))
    #expect(slots.map(\.storePath) == vector.weights.map(\.storePath))
    #expect(slots.map(\.shape) == vector.weights.map(\.values.shape))
    #expect(slots.map(\.isTrainable) == vector.weights.map(\.isTrainable))
    #expect(slots.map(\.isVariance) == vector.weights.map { $0.name.contains("variance") })
  }

  @Test("an activation as a step of its own changes nothing", arguments: LayerVector.all)
  func splitsActivations(_ vector: LayerVector) throws {
    let fused = try LayerRun(vector, splitting: .none)
    let split = try LayerRun(vector, splitting: .all)
    try #require(fused.outputs.count == split.outputs.count)
    for (one, other) in zip(fused.outputs, split.outputs) {
      #expect(one.array.shape == other.array.shape)
      expect(other.array.elements, near: one.array.elements, "split")
      #expect(one.mask?.elements == other.mask?.elements)
    }
  }

  /// Expects each value within 1e-5 of the greatest magnitude; infinities and NaNs in the same places.
  private func expect(_ values: [Float], near expected: [Float], _ what: String) {
    guard values.count == expected.count else {
      Issue.record("\(what): \(values.count) values instead of \(expected.count)")
      return
    }
    let scale = expected.filter(\.isFinite).map(abs).max() ?? 0
    let wrong = zip(values, expected).enumerated().filter { _, pair in
      let (value, wanted) = pair
      return !wanted.isFinite
        ? !(value == wanted || value.isNaN && wanted.isNaN)
        : !(abs(value - wanted) <= 1e-5 * scale)
    }
    if let (place, pair) = wrong.first {
      Issue.record(
        "\(what): \(wrong.count) of \(values.count) differ; [\(place)] is \(pair.0), not \(pair.1)")
    }
  }
}
