import Checkpoints
import Testing

@testable import Networks

@Suite("Layers that are refused")
struct LayerRefusalTests {
  /// A layer, the shapes it is called with and words of the refusal.
  struct Refusal: Sendable, CustomStringConvertible {
    let className: String
    let configuration: String
    let inputs: [[Int]]
    let words: String
    var isOperation = false
    var description: String { "\(className) \(configuration)" }
  }

  static let refusals: [Refusal] = [
    Refusal(
      className: "Resizing",
      configuration: #"{"height": 2, "width": 2, "crop_to_aspect_ratio": true}"#,
      inputs: [[4, 4, 1]], words: "crop_to_aspect_ratio"),
    Refusal(
      className: "Resizing",
      configuration: #"{"height": 2, "width": 2, "pad_to_aspect_ratio": true}"#,
      inputs: [[4, 4, 1]], words: "pad_to_aspect_ratio"),
    Refusal(
      className: "Resizing",
      configuration: #"{"height": 2, "width": 2, "interpolation": "area"}"#,
      inputs: [[4, 4, 1]], words: "\"interpolation\" \"area\""),
    Refusal(
      className: "Resizing", configuration: #"{"height": 0, "width": 2}"#, inputs: [[4, 4, 1]],
      words: "size"),
    Refusal(
      className: "UpSampling2D", configuration: #"{"size": [0, 2]}"#, inputs: [[4, 4, 1]],
      words: "\"size\""),
    Refusal(
      className: "CenterCrop", configuration: #"{"height": 6, "width": 2}"#,
      inputs: [[4, 4, 1]], words: "enlarging"),
    Refusal(
      className: "Cropping2D", configuration: #"{"cropping": [[2, 2], [0, 0]]}"#,
      inputs: [[4, 4, 1]], words: "cuts away all"),
    Refusal(
      className: "ZeroPadding2D", configuration: #"{"padding": [[-1, 2], [0, 0]]}"#,
      inputs: [[4, 4, 1]], words: "\"padding\""),
    Refusal(
      className: "Concatenate", configuration: #"{"axis": 0}"#, inputs: [[3], [3]],
      words: "along the batch"),
    Refusal(
      className: "Concatenate", configuration: #"{"axis": 1}"#, inputs: [[3, 2], [3, 4]],
      words: "don't fit together"),
    Refusal(
      className: "Add", configuration: "{}", inputs: [[3], [4]], words: "don't fit together"),
    Refusal(
      className: "Subtract", configuration: "{}", inputs: [[3], [3], [3]], words: "two inputs"),
    Refusal(
      className: "Dot", configuration: #"{"axes": 1}"#, inputs: [[3], [4]], words: "\"axes\""),
    Refusal(
      className: "LayerNormalization", configuration: #"{"axis": [0, 1]}"#, inputs: [[3]],
      words: "\"axis\""),
    Refusal(
      className: "GroupNormalization", configuration: #"{"groups": 4}"#, inputs: [[2, 6]],
      words: "\"groups\" 4"),
    Refusal(
      className: "Normalization",
      configuration: #"{"axis": [-1], "mean": [1, 2], "variance": [1, 2]}"#, inputs: [[3]],
      words: "\"mean\""),
    Refusal(
      className: "Rescaling", configuration: #"{"scale": [1, 2], "offset": 0}"#, inputs: [[3]],
      words: "\"scale\""),
    Refusal(
      className: "Rescaling", configuration: #"{"scale": [[1, 2], [3]], "offset": 0}"#,
      inputs: [[3]], words: "\"scale\" isn't"),
    Refusal(
      className: "CategoryEncoding",
      configuration: #"{"num_tokens": 3, "output_mode": "tf_idf"}"#, inputs: [[3]],
      words: "tf_idf"),
    Refusal(
      className: "CategoryEncoding", configuration: #"{"num_tokens": 3, "sparse": true}"#,
      inputs: [[3]], words: "sparse"),
    Refusal(
      className: "Discretization", configuration: #"{"num_bins": 3}"#, inputs: [[3]],
      words: "bin_boundaries"),
    Refusal(
      className: "Conv2DTranspose",
      configuration: #"{"filters": 2, "kernel_size": 2, "strides": 2, "output_padding": 2}"#,
      inputs: [[4, 4, 1]], words: "output_padding"),
    Refusal(
      className: "Softmax", configuration: #"{"axis": 0}"#, inputs: [[3]], words: "\"axis\""),
    Refusal(
      className: "PReLU", configuration: #"{"shared_axes": [2]}"#, inputs: [[3]],
      words: "shared axis 2"),
    Refusal(className: "Lambda", configuration: "{}", inputs: [[3]], words: "never run"),
    Refusal(
      className: "TFOpLambda", configuration: #"{"function": "linalg.svd"}"#, inputs: [[3]],
      words: "tf.linalg.svd"),
    Refusal(className: "MyLayer", configuration: "{}", inputs: [[3]], words: "isn't supported"),
    Refusal(
      className: "Einsum", configuration: "{}", inputs: [[3]], words: "isn't supported",
      isOperation: true),
    Refusal(
      className: "Mean", configuration: #"{"axis": 0}"#, inputs: [[3]], words: "\"axis\"",
      isOperation: true),
    Refusal(
      className: "Reshape", configuration: #"{"newshape": [3, 2]}"#, inputs: [[6]],
      words: "\"newshape\"", isOperation: true),
    Refusal(
      className: "Softmax", configuration: #"{"axis": 1}"#, inputs: [[3, 2]], words: "\"axis\"",
      isOperation: true),
  ]

  @Test("what isn't supported is named, with the layer", arguments: refusals)
  func refuses(_ refusal: Refusal) throws {
    let values = try #require(JSONValue(parsing: refusal.configuration)?.object)
    let configuration = LayerConfiguration(
      name: "the_layer", className: refusal.className, values: values,
      isOperation: refusal.isOperation)
    let error = try #require(throws: CheckpointError.self) {
      try LayerKinds.make(configuration).plan(
        LayerCall(
          configuration: configuration, arguments: [], keywords: [:], values: [],
          inputs: refusal.inputs, areMasked: refusal.inputs.map { _ in false }, activation: nil))
    }
    let text = "\(error)"
    #expect(text.contains("the_layer"))
    #expect(text.contains(refusal.words), "\(text)")
  }

  @Test("a slice that leaves out samples is refused")
  func refusesSlicesOfTheBatch() throws {
    let configuration = LayerConfiguration(
      name: "the_layer", className: "GetItem", values: [:], isOperation: true)
    for key in ["0", #"[{"start": 1, "stop": null, "step": null}]"#] {
      let value = try #require(JSONValue(parsing: "[\(key)]")?[0])
      #expect(throws: CheckpointError.self) {
        try LayerKinds.make(configuration).plan(
          LayerCall(
            configuration: configuration,
            arguments: [.value(ModelGraph.Value(node: 0)), .constant(value)], keywords: [:],
            values: [ModelGraph.Value(node: 0)], inputs: [[3, 2]], areMasked: [false],
            activation: nil))
      }
    }
  }
}
