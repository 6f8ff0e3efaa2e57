internal import COneDNN
internal import Checkpoints

/// A convolution, or the transpose of one, for arrays of fixed shapes; weights packed once.
final class ConvolutionPrimitive: Sendable {
  /// Where an element of Keras's kernel lies, by oneDNN's logical axes.
  struct KernelLayout {
    /// The steps along group, output channel of the group, input channel of the group.
    var group: Int
    var output: Int
    var input: Int
    /// The steps along the spatial axes.
    var spatial: [Int]

    /// A kernel of shape (spatial…, a, b) in C order: the steps along the spatial axes.
    static func spatialSteps(_ kernel: [Int], _ a: Int, _ b: Int) -> [Int] {
      var steps = [Int](repeating: a * b, count: kernel.count)
      for axis in kernel.indices.dropLast().reversed() {
        steps[axis] = steps[axis + 1] * kernel[axis + 1]
      }
      return steps
    }
  }

  private let geometry: ConvolutionGeometry
  private let primitive: Primitive
  private let source: MemoryLayoutDescription
  private let target: MemoryLayoutDescription
  private let plainWeights: MemoryLayoutDescription
  private let packedWeights: MemoryLayoutDescription
  private let bias: MemoryLayoutDescription?
  private let application: ActivationApplication?

  /// A convolution.
  ///
  /// - Parameters:
  ///   - geometry: The sizes.
  ///   - kernel: How the weights lie.
  ///   - hasBias: Whether a bias is added for each output channel.
  ///   - isTransposed: Whether it is the transpose (`Conv2DTranspose`): then `padding` is cut from the output.
  ///   - activation: Applied to the result.
  /// - Throws: ``CheckpointError`` where oneDNN refuses or fails.
  init(
    _ geometry: ConvolutionGeometry, kernel: KernelLayout, hasBias: Bool,
    isTransposed: Bool = false,
    activation: Activation? = nil
  ) throws(CheckpointError) {
    self.geometry = geometry
    let groups = geometry.groups
    let (inputs, outputs) = geometry.channels
    source = try geometry.layout(\.input, channels: inputs)
    target = try geometry.layout(\.output, channels: outputs)
    bias = hasBias ? try MemoryLayoutDescription([outputs]) : nil
    let sizes = geometry.axes.map(\.kernel)
    let logical = (groups > 1 ? [groups] : []) + [outputs / groups, inputs / groups] + sizes
    plainWeights = try MemoryLayoutDescription(
      logical,
      strides: (groups > 1 ? [kernel.group] : []) + [kernel.output, kernel.input] + kernel.spatial)
    let post = activation?.postOperation
    application =
      if let activation, post == nil {
        try activation.makeApplication(geometry.outputShape)
      } else { nil }

    var from = source.descriptor
    var to = target.descriptor
    var weights = try MemoryLayoutDescription.any(logical).descriptor
    let (strides, dilations) = (geometry.strides, geometry.dilations)
    let (before, after) = (geometry.paddingBefore, geometry.paddingAfter)
    var biasDescriptor = bias?.descriptor ?? dnnl_memory_desc_t()
    // Safe: a descriptor of zero axes stands for no bias.
    if isTransposed {
      var description = dnnl_deconvolution_desc_t()
      try OneDNN.check(
        unsafe dnnl_dilated_deconvolution_forward_desc_init(
          &description, dnnl_forward_inference, dnnl_deconvolution_direct, &from, &weights,
          &biasDescriptor, &to, strides, dilations, before, after), "a transposed convolution")
      primitive = try unsafe Primitive(
        &description, postOperation: post, name: "a transposed convolution")
    } else {
      var description = dnnl_convolution_desc_t()
      try OneDNN.check(
        unsafe dnnl_dilated_convolution_forward_desc_init(
          &description, dnnl_forward_inference, dnnl_convolution_direct, &from, &weights,
          &biasDescriptor, &to, strides, dilations, before, after), "a convolution")
      primitive = try unsafe Primitive(&description, postOperation: post, name: "a convolution")
    }
    packedWeights = primitive.layout(dnnl_query_weights_md)
  }

  /// Brings a kernel into the primitive's own arrangement.
  func pack(_ kernel: FloatArray) throws(CheckpointError) -> FloatArray {
    let packed = FloatArray([packedWeights.floatCount])
    try Primitive(reordering: plainWeights, to: packedWeights).run([
      (DNNL_ARG_FROM, plainWeights, kernel), (DNNL_ARG_TO, packedWeights, packed),
    ])
    return packed
  }

  /// Computes the convolution.
  func run(
    _ input: FloatArray, weights: FloatArray, bias: FloatArray?
  ) throws(CheckpointError) -> FloatArray {
    let result = FloatArray(geometry.outputShape)
    var arguments = [
      (DNNL_ARG_SRC, source, input), (DNNL_ARG_WEIGHTS, packedWeights, weights),
      (DNNL_ARG_DST, target, result),
    ]
    if let bias, let layout = self.bias { arguments.append((DNNL_ARG_BIAS, layout, bias)) }
    try primitive.run(arguments)
    guard let application else { return result }
    return try application(result, overwrites: true)
  }
}

/// A kernel that is one convolution: weights are the kernel and, where there is one, the bias.
struct ConvolutionKernel: LayerKernel {
  let convolution: ConvolutionPrimitive

  func pack(_ parameters: [FloatArray]) throws(CheckpointError) -> [FloatArray] {
    [try convolution.pack(parameters[0])] + parameters.dropFirst()
  }

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    [
      Feature(
        try convolution.run(
          inputs[0].array, weights: weights[0], bias: weights.count > 1 ? weights[1] : nil))
    ]
  }
}
