/// A layer as a network's configuration names it.
struct NamedLayer {
  var name: String
  var kind: String
  var shape: [Int]

  /// A small perceptron: 8 entries.
  static let perceptron: [NamedLayer] = [
    .init(name: "flatten", kind: "Flatten", shape: [784]),
    .init(name: "dense", kind: "Dense", shape: [512]),
    .init(name: "dropout", kind: "Dropout", shape: [512]),
    .init(name: "dense_1", kind: "Dense", shape: [512]),
    .init(name: "batch_normalization", kind: "BatchNormalization", shape: [512]),
    .init(name: "activation", kind: "Activation", shape: [512]),
    .init(name: "dense_2", kind: "Dense", shape: [128]),
    .init(name: "dense_3", kind: "Dense", shape: [10]),
  ]

  /// Blocks named as Keras names those of a residual network: 7 entries a block and a head.
  static func residual(blocks: Int) -> [NamedLayer] {
    let kinds = [
      ("1_conv", "Conv2D"), ("1_bn", "BatchNormalization"), ("1_relu", "Activation"),
      ("2_conv", "Conv2D"), ("2_bn", "BatchNormalization"), ("add", "Add"), ("out", "Activation"),
    ]
    let body = (0..<blocks).flatMap { block in
      kinds.map { name, kind in
        NamedLayer(
          name: "conv\(block / 4 + 2)_block\(block % 4 + 1)_\(name)", kind: kind,
          shape: [32 >> (block / 4), 32 >> (block / 4), 64 << (block / 4)])
      }
    }
    return body + [
      .init(name: "avg_pool", kind: "GlobalAveragePooling2D", shape: [512]),
      .init(name: "predictions", kind: "Dense", shape: [1000]),
    ]
  }
}
