package import Checkpoints

/// The kinds of layer that networks know.
package enum LayerKinds {
  /// One line a kind.
  static let all: [any Layer.Type] = [
    ActivationLayers.self,
    BatchNormalization.self,
    Bidirectional.self,
    CategoryEncoding.self,
    CenterCrop.self,
    Concatenate.self,
    Convolution.self,
    CustomScale.self,
    Dense.self,
    DepthwiseConvolution.self,
    Discretization.self,
    Dot.self,
    DotAttention.self,
    EinsumDense.self,
    Embedding.self,
    FeatureNormalization.self,
    Flatten.self,
    GlobalPooling.self,
    GroupNormalization.self,
    IdentityLayers.self,
    InputLayer.self,
    LayerNormalization.self,
    LayerScale.self,
    Masking.self,
    MergeLayers.self,
    MultiHeadAttention.self,
    PReLU.self,
    Permute.self,
    Pooling.self,
    RecurrentLayer.self,
    RepeatVector.self,
    Rescaling.self,
    Reshape.self,
    Resizing.self,
    SeparableConvolution.self,
    TimeDistributed.self,
    TransposedConvolution.self,
    UpSampling.self,
    WindowLayers.self,
  ]

  /// The operations on tensors that networks know: their classes share names with layers.
  private static let operations: [any Layer.Type] = [
    BinaryOperation.self,
    GetItem.self,
    Reduction.self,
    ShapeOperations.self,
    UnaryOperation.self,
  ]

  private static let byName = named(all)
  private static let operationsByName = named(operations)

  private static func named(_ kinds: [any Layer.Type]) -> [String: any Layer.Type] {
    Dictionary(
      kinds.flatMap { kind in kind.classNames.map { ($0, kind) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// Every class that is supported.
  package static let classNames: [String] = byName.keys.sorted()

  /// Makes a layer of its configuration.
  ///
  /// - Throws: ``CheckpointError`` for a class that isn't supported, with the list of those that are.
  package static func make(_ configuration: LayerConfiguration) throws(CheckpointError) -> any Layer
  {
    let configuration = try TensorFlowOperation.translated(configuration) ?? configuration
    let names = configuration.isOperation ? operationsByName : byName
    guard let kind = names[configuration.className] else {
      if configuration.className == "Lambda" {
        throw configuration.error(
          "holds code, which is never run",
          remedy: "replace it by a layer of Keras that does the same and save the model again")
      }
      throw configuration.error(
        "is of a class that isn't supported",
        remedy: "supported are \(names.keys.sorted().joined(separator: ", "))")
    }
    return try kind.init(configuration)
  }
}
