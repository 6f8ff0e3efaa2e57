import Architectures
import Checkpoints
import FormatRegistry
import TestSupport
import Testing

/// `--match keras`: the same weights in two of Keras's layouts, by layer and order.
struct MatchingTests {
  private func vector(_ name: String) throws -> Checkpoint {
    try Vectors.open("Keras/Vectors/\(name)")
  }

  /// What the other file's tensors are called after matching, by their own names.
  private func names(
    _ other: Checkpoint, to template: Checkpoint, architecture: String? = nil
  ) throws -> [String: String] {
    let matching = try KerasMatching(
      other, to: template, architecture: architecture.map { ("architecture.json", $0) })
    let renamed = try matching.renamed()
    #expect(renamed.tensors.count == other.tensors.count)
    return Dictionary(
      uniqueKeysWithValues: zip(other.tensors, renamed.tensors).map { ($0.name.text, $1.name.text) }
    )
  }

  /// The layers' names and the classes' groups of the network in the vectors `keras3-…`, by hand.
  private static let groups = [
    "conv/conv/kernel": "layers/conv2d/vars/0",
    "conv/conv/bias": "layers/conv2d/vars/1",
    "bn_without_scale/bn_without_scale/beta": "layers/batch_normalization/vars/0",
    "bn_without_scale/bn_without_scale/moving_mean": "layers/batch_normalization/vars/1",
    "bn_without_scale/bn_without_scale/moving_variance": "layers/batch_normalization/vars/2",
    "block/block/inner_dense/kernel": "layers/sequential/layers/dense/vars/0",
    "block/block/inner_dense/bias": "layers/sequential/layers/dense/vars/1",
    "block/block/inner_bn/gamma": "layers/sequential/layers/batch_normalization/vars/0",
    "block/block/inner_bn/beta": "layers/sequential/layers/batch_normalization/vars/1",
    "block/block/inner_bn/moving_mean": "layers/sequential/layers/batch_normalization/vars/2",
    "block/block/inner_bn/moving_variance": "layers/sequential/layers/batch_normalization/vars/3",
    "head/head/kernel": "layers/dense/vars/0",
    "head/head/bias": "layers/dense/vars/1",
  ]

  @Test(arguments: ["keras3-sgd.keras", "keras3-sgd.weights.h5", "sharded/model.weights.json"])
  func aLegacyFileAndAStoreHaveTheSameWeights(store: String) throws {
    let legacy = try vector("keras3-full-adam.h5")
    let store = try vector(store)
    let toStore = try names(legacy, to: store)
    let toLegacy = try names(store, to: legacy)
    for (path, group) in Self.groups {
      let name = try #require(
        legacy.tensors.map(\.name.text).first {
          $0.hasSuffix("/" + path.split(separator: "/").dropFirst().joined(separator: "/"))
            && $0.hasPrefix("model_weights/")
        }, "\(path)")
      #expect(toStore[name] == group)
      #expect(toLegacy[group] == name)
    }
    // The optimizer's state isn't the network's.
    #expect(toStore.filter { $0.key != $0.value }.count == Self.groups.count)
  }

  @Test func aFileMatchesItself() throws {
    for name in ["keras3-full-adam.h5", "keras3-sgd.keras", "keras2-weights.h5", "keras1-full.h5"] {
      let file = try vector(name)
      for (old, new) in try names(file, to: file) { #expect(old == new) }
    }
  }

  @Test func innerLayersFollowTheOrderInWhichTheyWereMade() throws {
    let legacy = try vector("keras3-other-layers.h5")
    let store = try vector("keras3-other-layers.weights.h5")
    let classes = [
      ("words", "InputLayer"), ("embedding", "Embedding"), ("both_ways", "Bidirectional"),
      ("normalization_of_features", "Normalization"), ("layer_norm", "LayerNormalization"),
      ("group_norm", "GroupNormalization"), ("head", "Dense"),
    ]
    let layers = classes.map {
      #"{"class_name": "\#($0.1)", "config": {"name": "\#($0.0)", "batch_shape": [null, 5]}}"#
    }
    let architecture =
      #"{"class_name": "Sequential", "config": {"name": "other", "layers": ["#
      + layers.joined(separator: ",") + "]}}"
    let found = try names(legacy, to: store, architecture: architecture)
    #expect(
      found["both_ways/both_ways/backward_gru/gru_cell/recurrent_kernel"]
        == "layers/bidirectional/backward_layer/cell/vars/1")
    #expect(
      found["normalization_of_features/normalization_of_features/count"]
        == "layers/normalization/vars/2")
    #expect(found.values.allSatisfy { $0.hasPrefix("layers/") })
    // Without a configuration nothing tells which class a layer is of.
    let error = #expect(throws: CheckpointError.self) { try names(legacy, to: store) }
    #expect(error?.remedy?.contains("--architecture") == true)
  }

  // MARK: Frozen layers

  /// A legacy file of a nested model with two layers of one shape, the first perhaps frozen: Keras lists its
  /// weights last then.
  private func legacy(_ first: String, _ second: String, isFrozen: Bool) throws -> Checkpoint {
    func layer(_ name: String, _ isTrainable: Bool) -> String {
      #"{"class_name": "Dense", "config": {"name": "\#(name)", "trainable": \#(isTrainable)}}"#
    }
    let input = #"{"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [null, 2]}}"#
    let block =
      #"{"class_name": "Sequential", "config": {"name": "block", "layers": [\#(input), "#
      + "\(layer(first, !isFrozen)), \(layer(second, true))]}}"
    let configuration =
      #"{"class_name": "Sequential", "config": {"name": "m", "layers": [\#(block)]}}"#
    let order = isFrozen ? [second, first] : [first, second]
    let tensors = order.compactMap { name in
      Tensor(
        name: TensorName("model_weights/block/block/\(name)/kernel"), shape: [2, 2],
        elementType: .float32, layer: "block", storage: .fill([0, 0, 0, 0]))
    }
    let folder = try TemporaryFolder()
    return Checkpoint(
      file: try FlatFile.file([0], at: folder.file("x")), format: "keras-legacy-model",
      tensors: tensors,
      attributes: [Checkpoint.Attribute(name: "model_config", value: configuration)],
      layouter: FlatLayouter())
  }

  @Test func freezingALayerMovesItsWeightsButDoesntSwapThem() throws {
    let template = try legacy("a", "b", isFrozen: false)
    for isFrozen in [false, true] {
      let found = try names(legacy("dense_4", "dense_5", isFrozen: isFrozen), to: template)
      #expect(
        found == [
          "model_weights/block/block/dense_4/kernel": "model_weights/block/block/a/kernel",
          "model_weights/block/block/dense_5/kernel": "model_weights/block/block/b/kernel",
        ])
    }
  }

  // MARK: What doesn't match

  @Test func otherNetworksAreRefused() throws {
    let nested = try vector("keras3-full-adam.h5")
    for other in ["keras3-full-sgd.h5", "keras3-other-layers.weights.h5", "keras1-full.h5"] {
      let other = try vector(other)
      #expect(throws: CheckpointError.self) { try names(other, to: nested) }
      #expect(throws: CheckpointError.self) { try names(nested, to: other) }
    }
  }

  @Test func filesOfOtherProgramsAreRefused() throws {
    let plain = try Vectors.open("HDF5/Vectors/state-dict.h5")
    let keras = try vector("keras3-sgd.keras")
    let error = #expect(throws: CheckpointError.self) { try names(plain, to: keras) }
    #expect(error?.fact.contains("isn't a file of Keras's") == true)
  }
}
