package import Checkpoints

/// `Dense`: `activation(x W + b)` over the last axis; `kernel` (in, units), `bias` (units).
package struct Dense: Layer {
  package static let classNames = ["Dense"]
  package let activation: Activation?
  private let units: Int
  private let hasBias: Bool

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    units = try configuration.int("units", default: configuration["output_dim"]?.int)
    hasBias = try configuration.bool("use_bias", default: configuration["bias"]?.bool ?? true)
    activation = try .reading(configuration["activation"], of: configuration)
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    guard let depth = input.last else { throw call.configuration.error("takes at least one axis") }
    let shape = input.dropLast() + [units]
    var parameters = [ParameterSlot("kernel", storePath: "vars/0", shape: [depth, units])]
    if hasBias { parameters.append(ParameterSlot("bias", storePath: "vars/1", shape: [units])) }
    let positions = input.dropLast().reduce(1, *)
    let output = call.activation?.outputShape(Array(shape)) ?? Array(shape)
    return LayerPlan(outputs: [output], parameters: parameters, keepsMask: true) {
      [units, hasBias] batch throws(CheckpointError) in
      DenseKernel(
        product: try MatrixProduct(
          rows: batch * positions, depth: depth, columns: units, hasBias: hasBias,
          activation: call.activation), shape: [batch] + output)
    }
  }
}

private struct DenseKernel: LayerKernel {
  let product: MatrixProduct
  let shape: [Int]

  func pack(_ parameters: [FloatArray]) throws(CheckpointError) -> [FloatArray] {
    [try product.pack(parameters[0])] + parameters.dropFirst()
  }

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    [
      Feature(
        try product.run(
          inputs[0].array, weights: weights[0], bias: weights.count > 1 ? weights[1] : nil,
          shape: shape))
    ]
  }
}
