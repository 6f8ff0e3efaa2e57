/// One of a layer's weights: what Keras calls it and what shape it has.
public struct ParameterSlot: Hashable, Sendable {
  /// Keras's name within the layer: `kernel`, `moving_mean`, `query/kernel`, `forward_lstm/lstm_cell/bias`.
  public let name: String
  /// The place within the layer's group of a `.weights.h5` file: `vars/0`, `query_dense/vars/1`,
  /// `forward_layer/cell/vars/0`.
  public let storePath: String
  /// The shape.
  public let shape: [Int]
  /// Whether training changes it by gradients; Keras lists these first in a legacy file.
  public let isTrainable: Bool
  /// Whether its values are variances, which can't be negative.
  public let isVariance: Bool

  /// A weight of a layer.
  public init(
    _ name: String, storePath: String, shape: [Int], isTrainable: Bool = true,
    isVariance: Bool = false
  ) {
    self.name = name
    self.storePath = storePath
    self.shape = shape
    self.isTrainable = isTrainable
    self.isVariance = isVariance
  }
}
