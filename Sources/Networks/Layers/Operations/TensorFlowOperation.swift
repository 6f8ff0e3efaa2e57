internal import Checkpoints

/// `TFOpLambda` and `SlicingOpLambda`: how Keras 2 writes an operation, by the name of TensorFlow's function.
enum TensorFlowOperation {
  /// TensorFlow's functions and the operations of Keras 3 that do the same.
  private static let operations: [String: String] = [
    "math.add": "Add", "__operators__.add": "Add", "math.subtract": "Subtract",
    "math.multiply": "Multiply", "math.divide": "Divide", "math.truediv": "Divide",
    "math.maximum": "Maximum", "math.minimum": "Minimum", "math.pow": "Power",
    "math.negative": "Negative", "math.abs": "Absolute", "math.exp": "Exp", "math.log": "Log",
    "math.sqrt": "Sqrt", "math.square": "Square", "math.sigmoid": "Sigmoid",
    "math.tanh": "Tanh", "math.softplus": "Softplus", "nn.relu": "Relu", "nn.relu6": "Relu6",
    "nn.sigmoid": "Sigmoid", "nn.tanh": "Tanh", "nn.silu": "Silu", "nn.swish": "Silu",
    "nn.softmax": "Softmax", "nn.elu": "Elu", "nn.selu": "Selu", "nn.softplus": "Softplus",
    "math.reduce_mean": "Mean", "math.reduce_sum": "Sum", "math.reduce_max": "Max",
    "math.reduce_min": "Min", "reshape": "Reshape", "expand_dims": "ExpandDims",
    "squeeze": "Squeeze", "concat": "Concatenate", "identity": "Identity",
    "__operators__.getitem": "GetItem",
  ]

  /// The operation that a layer of Keras 2 means; nil for any other layer.
  ///
  /// - Throws: ``CheckpointError`` for a function that isn't supported, with the list of those that are.
  static func translated(
    _ configuration: LayerConfiguration
  ) throws(CheckpointError) -> LayerConfiguration? {
    guard ["TFOpLambda", "SlicingOpLambda"].contains(configuration.className) else { return nil }
    let function = try configuration.string("function")
    guard let operation = operations[function] else {
      throw configuration.error(
        "calls tf.\(function), which isn't supported",
        remedy: "supported are \(operations.keys.sorted().joined(separator: ", "))")
    }
    return LayerConfiguration(
      name: configuration.name, className: operation, values: [:], isOperation: true)
  }
}
