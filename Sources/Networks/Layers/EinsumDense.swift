package import Checkpoints

/// `EinsumDense`: `activation(einsum(equation, x, kernel) + bias)`.
///
/// As in Keras the mask ends here.
package struct EinsumDense: Layer {
  package static let classNames = ["EinsumDense"]
  package let activation: Activation?
  private let hasBias: Bool

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    try configuration.refuseAdapters()
    activation = try .reading(configuration["activation"], of: configuration)
    hasBias = configuration["bias_axes"] != nil
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let equation = try EinsumEquation(call.configuration, shape: try call.onlyInput())
    var parameters = [
      ParameterSlot("kernel", storePath: "vars/0", shape: equation.shape(equation.kernel))
    ]
    if hasBias {
      parameters.append(
        ParameterSlot("bias", storePath: "vars/1", shape: equation.biasShape))
    }
    let result = equation.shape(Array(equation.output.dropFirst()))
    return LayerPlan(
      outputs: [call.activation?.outputShape(result) ?? result], parameters: parameters
    ) { [hasBias] batch throws(CheckpointError) in
      try EinsumKernel(equation, batch: batch, hasBias: hasBias, activation: call.activation)
    }
  }
}
