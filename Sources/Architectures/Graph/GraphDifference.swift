extension ModelGraph {
  /// What first tells two graphs apart, in words; nil where they compute the same of the same weights.
  ///
  /// Names of layers, what only matters to training, and where weights come from may differ.
  package func difference(to other: ModelGraph) -> String? {
    guard layers.count == other.layers.count else {
      return "it has \(other.layers.count) layers instead of \(layers.count)"
    }
    for (mine, its) in zip(layers, other.layers) {
      let (mine, its) = (mine.configuration, its.configuration)
      guard mine.className == its.className else {
        return "layer \(its.name) is \(its.className), and \(mine.name) is \(mine.className)"
      }
      for key in Set(mine.values.keys).union(its.values.keys).sorted()
      where !Self.irrelevant.contains(key) && mine[key] != its[key] {
        // A default that only one of them spells out isn't a difference.
        guard mine[key] != nil, its[key] != nil else { continue }
        return "\"\(key)\" of layer \(its.name) (\(its.className)) differs"
      }
    }
    for (mine, its) in zip(nodes, other.nodes)
    where mine.layer != its.layer || mine.inputs != its.inputs {
      return "layer \(its.name) is connected differently"
    }
    return nodes.count == other.nodes.count ? nil : "layers are called another number of times"
  }

  private static let irrelevant: Set<String> = [
    "name", "trainable", "dtype", "batch_shape", "batch_input_shape", "build_config", "rate",
    "seed",
    "noise_shape", "layer", "forward_layer", "backward_layer", "sparse", "ragged", "optional",
    "kernel_initializer", "bias_initializer", "kernel_regularizer", "bias_regularizer",
    "activity_regularizer", "kernel_constraint", "bias_constraint", "momentum", "beta_initializer",
    "gamma_initializer", "moving_mean_initializer", "moving_variance_initializer",
    "beta_regularizer", "gamma_regularizer", "beta_constraint", "gamma_constraint",
    "depthwise_initializer", "pointwise_initializer", "embeddings_initializer",
    "recurrent_initializer", "dropout", "recurrent_dropout", "stddev", "registered_name",
  ]
}
