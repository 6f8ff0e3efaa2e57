package import Checkpoints

/// The kinds of layer that networks know.
package enum LayerKinds {
  /// One line a kind.
  static let all: [any Layer.Type] = [
    ActivationLayers.self,
    BatchNormalization.self,
    Bidirectional.self,
    Convolution.self,
    Dense.self,
    DepthwiseConvolution.self,
    Flatten.self,
    GlobalPooling.self,
    DotAttention.self,
    EinsumDense.self,
    Embedding.self,
    IdentityLayers.self,
    InputLayer.self,
    Masking.self,
    MultiHeadAttention.self,
    Permute.self,
    Pooling.self,
    RecurrentLayer.self,
    RepeatVector.self,
    Reshape.self,
    TimeDistributed.self,
  ]

  private static let byName: [String: any Layer.Type] = Dictionary(
    all.flatMap { kind in kind.classNames.map { ($0, kind) } },
    uniquingKeysWith: { first, _ in first })

  /// Every class that is supported.
  package static let classNames: [String] = byName.keys.sorted()

  /// Makes a layer of its configuration.
  ///
  /// - Throws: ``CheckpointError`` for a class that isn't supported, with the list of those that are.
  package static func make(_ configuration: LayerConfiguration) throws(CheckpointError) -> any Layer
  {
    guard let kind = byName[configuration.className] else {
      if ["Lambda", "TFOpLambda"].contains(configuration.className) {
        throw configuration.error(
          "holds code, which is never run",
          remedy: "replace it by a layer of Keras that does the same and save the model again")
      }
      throw configuration.error(
        "is of a class that isn't supported",
        remedy: "supported are \(classNames.joined(separator: ", "))")
    }
    return try kind.init(configuration)
  }
}
