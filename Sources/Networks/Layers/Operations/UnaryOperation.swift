internal import COneDNN
package import Checkpoints

/// `keras.ops.relu` and its kin: functions of each value, or along an axis.
package struct UnaryOperation: Layer {
  package static let isOperation = true
  package static let classNames = [
    "Absolute", "Celu", "Clip", "Elu", "Exp", "Gelu", "HardSigmoid", "HardSilu", "HardSwish",
    "HardTanh", "Identity", "LeakyRelu", "Log", "LogSigmoid", "LogSoftmax", "Mish", "Negative",
    "Relu", "Relu6", "Selu", "Sigmoid", "Silu", "Softmax", "Softplus", "Softsign", "Sqrt",
    "Square", "Swish", "Tanh",
  ]

  private let className: String

  package init(_ configuration: LayerConfiguration) { className = configuration.className }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let shape = try call.tensor()
    guard let function = try function(of: call) else {
      return LayerPlan(outputs: [shape], keepsMask: true, isExact: true) { _ in PassThrough() }
    }
    if case .row = function.form {
      let axis = try call.axes("axis", place: 1, rank: shape.count + 1)?.first ?? shape.count
      guard axis == shape.count else {
        throw call.configuration.error(
          "works along \"axis\" \(axis); the last axis is supported",
          remedy: "use the layer Softmax, which has every axis")
      }
    }
    return LayerPlan(outputs: [shape], keepsMask: true, pureActivation: function) {
      batch throws(CheckpointError) in
      ActivationKernel(application: try function.makeApplication([batch] + shape))
    }
  }

  /// The function of the class's name and the call's settings; nil for one that changes nothing.
  private func function(of call: LayerCall) throws(CheckpointError) -> Activation? {
    func number(_ name: String, _ fallback: Double) -> Float {
      Float(call.setting(name, place: 1)?.double ?? fallback)
    }
    func oneDNN(_ algorithm: dnnl_alg_kind_t, _ alpha: Float = 0, _ beta: Float = 0) -> Activation {
      Activation(
        className, .oneDNN(algorithm.rawValue, alpha: alpha, beta: beta))
    }
    switch className {
    case "Identity": return nil
    case "Absolute": return oneDNN(dnnl_eltwise_abs)
    case "Exp": return oneDNN(dnnl_eltwise_exp)
    case "Log": return oneDNN(dnnl_eltwise_log)
    case "Negative": return oneDNN(dnnl_eltwise_linear, -1)
    case "Sqrt": return oneDNN(dnnl_eltwise_sqrt)
    case "Square": return oneDNN(dnnl_eltwise_square)
    case "Clip":
      guard let least = call.setting("x_min", place: 1)?.double,
        let greatest = call.setting("x_max", place: 2)?.double
      else { throw call.configuration.error("has no numbers \"x_min\" and \"x_max\"") }
      return oneDNN(dnnl_eltwise_clip, Float(least), Float(greatest))
    case "LeakyRelu":
      return .relu(maximum: nil, slope: number("negative_slope", 0.2), threshold: 0)
    case "Elu": return .elu(alpha: number("alpha", 1))
    case "Celu":
      guard number("alpha", 1) == 1 else {
        throw call.configuration.error("has an \"alpha\" other than 1, which isn't supported")
      }
      return .elu(alpha: 1)
    case "Gelu":
      // Unlike the activation of this name, the operation approximates unless told otherwise.
      let approximates = call.setting("approximate", place: 1)?.bool ?? true
      return oneDNN(approximates ? dnnl_eltwise_gelu_tanh : dnnl_eltwise_gelu_erf)
    case let name: return .named(snakeCase(name))
    }
  }

  /// `HardSilu` as `hard_silu`.
  private func snakeCase(_ name: String) -> String {
    var result = ""
    for character in name {
      if character.isUppercase, !result.isEmpty { result.append("_") }
      result.append(contentsOf: character.lowercased())
    }
    return result
  }
}
