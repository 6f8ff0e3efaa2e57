import Networks
import Testing

@Suite("hard_sigmoid of Keras 2")
struct OldActivationTests {
  /// A model of one activation.
  private func output(_ version: String?) throws -> [Float] {
    let text = """
      {"class_name": "Sequential", "config": {"name": "m", "layers": [
        {"class_name": "InputLayer", "config": {"name": "i", "batch_input_shape": [null, 3]}},
        {"class_name": "Activation", "config": {"name": "a", "activation": "hard_sigmoid"}}]}}
      """
    let graph = try ModelGraph(kerasConfiguration: text, file: nil, version: version)
    let plan = try NetworkPlan(graph, inputShapes: [[3]], splitting: .none)
    let kernels = try NetworkKernels(plan, batch: 1)
    let network = try Network(kernels) { _ in [] }
    let made = try kernels.run(0, [Feature(FloatArray([1, 3], [-1, 0.5, 2.7]))], of: network)
    return made[0].array.elements
  }

  @Test("Keras 1 and 2 clip x / 5 + 1/2, Keras 3 clips x / 6 + 1/2")
  func slopes() throws {
    #expect(try output("2.2.4") == [0.3, 0.6, 1])
    let third: [Float] = try output("3.15.1")
    #expect(third == (try output(nil)))
    for (value, x) in zip(third, [-1, 0.5, 2.7] as [Float]) {
      #expect(abs(value - (x / 6 + 0.5)) < 1e-6)
    }
  }
}

@Suite("ReLU")
struct ReLUTests {
  @Test("a NaN stays one and infinities have their limits")
  func specialValues() throws {
    let text = """
      {"class_name": "Sequential", "config": {"name": "m", "layers": [
        {"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [null, 4]}},
        {"class_name": "Activation", "config": {"name": "a", "activation": "relu"}}]}}
      """
    let graph = try ModelGraph(kerasConfiguration: text, file: nil)
    let plan = try NetworkPlan(graph, inputShapes: [[4]], splitting: .none)
    let kernels = try NetworkKernels(plan, batch: 1)
    let network = try Network(kernels) { _ in [] }
    let values = FloatArray([1, 4], [.nan, -.infinity, .infinity, -2])
    let made = try kernels.run(0, [Feature(values)], of: network)[0].array.elements
    #expect(made[0].isNaN)
    #expect(Array(made.dropFirst()) == [0, .infinity, 0])
  }
}
