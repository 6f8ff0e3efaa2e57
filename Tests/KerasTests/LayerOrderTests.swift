import Checkpoints
import TestSupport
import Testing

/// Tensors come in the order of the layers, whatever the order of HDF5's links.
struct LayerOrderTests {
  private func names(_ file: String) throws -> [String] {
    try Vectors.open("Keras/Vectors/\(file)").tensors
      .filter { $0.role != .optimizer }.map(\.name.text)
  }

  static let legacy: [(String, [String])] = [
    (
      "keras1-full.h5",
      [
        "model_weights/convolution2d_1/convolution2d_1_W",
        "model_weights/convolution2d_1/convolution2d_1_b",
        "model_weights/batchnormalization_1/batchnormalization_1_gamma",
        "model_weights/batchnormalization_1/batchnormalization_1_beta",
        "model_weights/batchnormalization_1/batchnormalization_1_running_mean",
        "model_weights/batchnormalization_1/batchnormalization_1_running_std",
        "model_weights/dense_1/dense_1_W", "model_weights/dense_1/dense_1_b",
      ]
    ),
    (
      "keras2-weights.h5",
      [
        "conv1/conv/conv1/conv/kernel:0", "conv1/conv/conv1/conv/bias:0",
        "conv1/bn/conv1/bn/gamma:0", "conv1/bn/conv1/bn/beta:0",
        "conv1/bn/conv1/bn/moving_mean:0", "conv1/bn/conv1/bn/moving_variance:0",
        "bn_without_scale/bn_without_scale/beta:0",
        "bn_without_scale/bn_without_scale/moving_mean:0",
        "bn_without_scale/bn_without_scale/moving_variance:0", "head/head/kernel:0",
        "head/head/bias:0",
      ]
    ),
    (
      "keras3-full-adam.h5",
      [
        "conv/conv/kernel", "conv/conv/bias", "bn_without_scale/bn_without_scale/beta",
        "bn_without_scale/bn_without_scale/moving_mean",
        "bn_without_scale/bn_without_scale/moving_variance", "block/block/inner_dense/kernel",
        "block/block/inner_dense/bias", "block/block/inner_bn/gamma", "block/block/inner_bn/beta",
        "block/block/inner_bn/moving_mean", "block/block/inner_bn/moving_variance",
        "head/head/kernel", "head/head/bias",
      ].map { "model_weights/\($0)" }
    ),
    (
      "keras3-seeds.h5",
      [
        "dense/dense/kernel", "dense/dense/bias",
        "dropout/dropout/seed_generator/seed_generator_state",
      ]
    ),
    (
      "keras-tied.h5",
      [
        "embedding/embedding/embeddings:0", "output/output/bias:0",
      ]
    ),
  ]

  @Test(arguments: legacy)
  func legacyFilesFollowTheirLists(file: String, expected: [String]) throws {
    #expect(try names(file) == expected)
  }

  @Test(arguments: Vectors.hdf5Files)
  func optimizerStateComesLast(file: String) throws {
    let roles = try Vectors.open(file).tensors.map(\.role)
    let first = roles.firstIndex(of: .optimizer) ?? roles.count
    #expect(roles[first...].allSatisfy { $0 == .optimizer })
  }

  /// `layer_names` is cut into `layer_names0` and `layer_names1` there.
  @Test func listsInSeveralAttributesAreOneList() throws {
    let checkpoint = try Vectors.open("Keras/Vectors/keras3-long-names.h5")
    #expect(
      checkpoint.tensors.map(\.name.text) == [
        "dense/long_names/dense/kernel", "dense/long_names/dense/bias",
      ])
    #expect(checkpoint.tensors.map(\.layer) == ["dense", "dense"])
    #expect(checkpoint.format == "keras-legacy-weights")
  }

  @Test func numberedVariablesCountAsNumbers() throws {
    let variables = try names("keras3-many-variables.weights.h5")
      .compactMap { Int($0.split(separator: "/").last ?? "") }
    #expect(variables == Array(0..<variables.count))
    #expect(variables.count > 10)
  }

  static let formats = [
    ("keras1-full.h5", "keras-legacy-model"), ("keras2-full-adam.h5", "keras-legacy-model"),
    ("keras2-weights.h5", "keras-legacy-weights"), ("keras3-weights.h5", "keras-legacy-weights"),
    ("keras2-sgd.weights.h5", "keras-weights"), ("keras3-seeds.weights.h5", "keras-weights"),
    ("../../HDF5/Vectors/state-dict.h5", "hdf5"), ("../../HDF5/Vectors/matlab.h5", "hdf5"),
  ]

  @Test(arguments: formats)
  func layoutIsRecognised(file: String, format: String) throws {
    #expect(try Vectors.open("Keras/Vectors/\(file)").format == format)
  }
}
