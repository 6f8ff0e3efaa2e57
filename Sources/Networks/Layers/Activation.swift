internal import COneDNN
package import Checkpoints

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// One of Keras's activation functions with its settings.
package struct Activation: Hashable, Sendable {
  /// What becomes of each value, or of each row along the last axis.
  enum Form: Hashable, Sendable {
    /// One of oneDNN's functions, with its two settings.
    case oneDNN(UInt32, alpha: Float, beta: Float)
    /// A function of ours, of one value.
    case scalar(ScalarFunction)
    /// A function of the values along the last axis together.
    case row(RowFunction)
  }

  /// Keras's name.
  package let name: String
  let form: Form

  init(_ name: String, _ form: Form) {
    self.name = name
    self.form = form
  }

  /// Whether it makes a distribution of its input: then its input is the model's logits.
  package var isProbability: Bool {
    ["softmax", "log_softmax", "sigmoid", "log_sigmoid"].contains(name)
  }

  /// Reads an activation's name, as a text or as a serialised function.
  ///
  /// - Returns: Nil for none, null and `linear`.
  /// - Throws: ``CheckpointError`` where Keras has no such activation.
  package static func reading(
    _ value: JSONValue?, of configuration: LayerConfiguration
  ) throws(CheckpointError) -> Activation? {
    guard let value, !value.isNull else { return nil }
    // {"class_name": "function", "config": "relu"}, or a layer such as {"class_name": "ReLU", "config": {…}}.
    let name = value.string ?? value["config"]?.string ?? value["class_name"]?.string
    guard let name else { throw configuration.error("\"activation\" isn't a name") }
    if name == "linear" { return nil }
    if let known = named(name) { return known }
    let settings = LayerConfiguration(
      name: configuration.name, className: name, values: value["config"]?.object ?? [:])
    if let kind = ActivationLayers.activation(of: settings) { return try kind() }
    throw configuration.error(
      "has the activation \"\(name)\", which Keras doesn't have",
      remedy:
        "custom code is never run; supported are \(names.keys.sorted().joined(separator: ", "))")
  }

  /// The activation of a name, or nil.
  package static func named(_ name: String) -> Activation? {
    names[name].map { Activation(name, $0) }
  }

  private static func form(_ algorithm: dnnl_alg_kind_t, _ alpha: Float = 0, _ beta: Float = 0)
    -> Form
  {
    .oneDNN(algorithm.rawValue, alpha: alpha, beta: beta)
  }

  /// `max(0, x)`, with a bound, a slope below and a threshold: `x >= threshold ? min(x, bound) : slope (x - threshold)`.
  static func relu(maximum: Float?, slope: Float, threshold: Float) -> Activation {
    Activation(
      "relu", .scalar(.relu(maximum: maximum ?? .infinity, slope: slope, threshold: threshold)))
  }

  /// `x > 0 ? x : alpha (e^x - 1)`.
  static func elu(alpha: Float) -> Activation { Activation("elu", form(dnnl_eltwise_elu, alpha)) }

  /// The name under which a graph has the `hard_sigmoid` of Keras 1 and 2.
  static let oldHardSigmoid = ModelGraph.oldHardSigmoid

  private static let names: [String: Form] = [
    oldHardSigmoid: .scalar(.oldHardSigmoid),
    // Not oneDNN's, which makes a 0 of a NaN: a network that overflows would look sound.
    "relu": .scalar(.relu(maximum: .infinity, slope: 0, threshold: 0)),
    "relu6": .scalar(.relu(maximum: 6, slope: 0, threshold: 0)),
    "leaky_relu": .scalar(.relu(maximum: .infinity, slope: 0.2, threshold: 0)),
    "elu": form(dnnl_eltwise_elu, 1),
    "selu": .scalar(.selu),
    "celu": form(dnnl_eltwise_elu, 1),
    "softplus": form(dnnl_eltwise_soft_relu),
    "softsign": .scalar(.softsign),
    "sigmoid": form(dnnl_eltwise_logistic),
    "silu": form(dnnl_eltwise_swish, 1),
    "swish": form(dnnl_eltwise_swish, 1),
    "gelu": form(dnnl_eltwise_gelu_erf),
    "tanh": form(dnnl_eltwise_tanh),
    "exponential": form(dnnl_eltwise_exp),
    "mish": form(dnnl_eltwise_mish),
    "hard_silu": form(dnnl_eltwise_hardswish),
    "hard_swish": form(dnnl_eltwise_hardswish),
    "log_sigmoid": form(dnnl_eltwise_logsigmoid),
    "hard_sigmoid": .scalar(.hardSigmoid),
    "hard_tanh": .scalar(.hardTanh),
    "hard_shrink": .scalar(.hardShrink),
    "soft_shrink": .scalar(.softShrink),
    "tanh_shrink": .scalar(.tanhShrink),
    "sparse_plus": .scalar(.sparsePlus),
    "sparse_sigmoid": .scalar(.sparseSigmoid),
    "squareplus": .scalar(.squareplus),
    "softmax": .row(.softmax),
    "log_softmax": .row(.logSoftmax),
    "sparsemax": .row(.sparsemax),
    "glu": .row(.glu),
  ]
}

extension Activation {
  /// What oneDNN can do right behind a product or a convolution, before values are stored.
  var postOperation: Primitive.PostOperation? {
    guard case .oneDNN(let algorithm, let alpha, let beta) = form else { return nil }
    return Primitive.PostOperation(
      algorithm: dnnl_alg_kind_t(rawValue: algorithm), alpha: alpha, beta: beta)
  }

  /// The shape of what it makes of a shape: the same, but half the last axis for `glu`.
  func outputShape(_ shape: [Int]) -> [Int] {
    guard case .row(.glu) = form, let last = shape.last else { return shape }
    return shape.dropLast() + [last / 2]
  }

  /// Makes what applies it to arrays of a shape, batch axis included.
  func makeApplication(_ shape: [Int]) throws(CheckpointError) -> ActivationApplication {
    let count = shape.reduce(1, *)
    var primitive: Primitive?
    if case .oneDNN(let algorithm, let alpha, let beta) = form, count > 0 {
      primitive = try Primitive(
        eltwise: dnnl_alg_kind_t(rawValue: algorithm), alpha: alpha, beta: beta, count: count)
    }
    return ActivationApplication(
      activation: self, shape: shape, primitive: primitive)
  }
}

/// An activation for arrays of one shape.
struct ActivationApplication: Sendable {
  let activation: Activation
  let shape: [Int]
  let primitive: Primitive?

  /// Applies it to an array; the result may be written over it where nobody else holds it.
  ///
  /// - Parameters:
  ///   - array: The values.
  ///   - overwrites: Whether the array is the caller's own to overwrite.
  /// - Returns: The results.
  /// - Throws: ``CheckpointError`` where oneDNN refuses or fails.
  func callAsFunction(_ array: FloatArray, overwrites: Bool) throws(CheckpointError) -> FloatArray {
    let result =
      overwrites && activation.outputShape(shape) == shape
      ? array : FloatArray(activation.outputShape(shape))
    switch activation.form {
    case .oneDNN:
      let layout = try MemoryLayoutDescription([array.count])
      try primitive?.run([
        (DNNL_ARG_SRC, layout, array), (DNNL_ARG_DST, layout, result),
      ])
    case .scalar(let function):
      Threads.forEachRange(of: array.count, grain: 1 << 14) { range in
        unsafe function.apply(array.values(range), to: result.target(range))
      }
    case .row(let function):
      let width = shape.last ?? 1
      guard width > 0 else { break }
      let resultWidth = activation.outputShape(shape).last ?? 1
      Threads.forEachRange(of: array.count / width, grain: max(1, (1 << 14) / width)) { rows in
        for row in rows {
          unsafe function.apply(
            array.values(row * width..<(row + 1) * width),
            to: result.target(row * resultWidth..<(row + 1) * resultWidth))
        }
      }
    }
    return result
  }
}

extension Primitive {
  /// A function of each value.
  convenience init(
    eltwise algorithm: dnnl_alg_kind_t, alpha: Float, beta: Float, count: Int
  ) throws(CheckpointError) {
    var description = dnnl_eltwise_desc_t()
    var layout = try MemoryLayoutDescription([count]).descriptor
    try OneDNN.check(
      unsafe dnnl_eltwise_forward_desc_init(
        &description, dnnl_forward_inference, algorithm, &layout, alpha, beta), "an activation")
    try unsafe self.init(&description, name: "an activation")
  }
}
