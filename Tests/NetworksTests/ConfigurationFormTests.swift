import Checkpoints
import Testing

@testable import Networks

/// Forms of configurations that differ between versions of Keras, in short examples.
@Suite struct ConfigurationFormTests {
  @Test func stackFromBefore2018IsAListWithItsShapeAtTheFirstLayer() throws {
    let graph = try ModelGraph(
      kerasConfiguration: """
        {"class_name": "Sequential", "config": [
          {"class_name": "Dense", "config": {"name": "dense_1", "batch_input_shape": [null, 4],
            "output_dim": 3}},
          {"class_name": "Activation", "config": {"name": "activation_1", "activation": "relu"}}]}
        """, file: nil)
    #expect(graph.nodes.map(\.name) == ["dense_1_input", "dense_1", "activation_1"])
    let input = graph.layers[graph.nodes[graph.inputs[0]].layer].configuration
    #expect(input.className == "InputLayer")
    #expect(input.values["batch_shape"] == JSONValue(parsing: "[null, 4]"))
  }

  @Test func operationsAreToldFromLayersOfTheSameName() throws {
    let vectors = GraphVector.names.filter { $0.hasSuffix("keras3-wide") }
    let vector = try GraphVector.read(#require(vectors.first))
    let graph = try ModelGraph(kerasConfiguration: vector.configuration, file: nil)
    let operations = graph.nodes.filter { graph.layers[$0.layer].configuration.isOperation }
    #expect(
      Set(operations.map { graph.layers[$0.layer].configuration.className })
        == ["Multiply", "Add", "Subtract", "GetItem"])
    let multiply = try #require(operations.first { $0.name == "multiply" })
    #expect(multiply.arguments.count == 2)
    #expect(multiply.arguments.last == .constant(.number(2)))
    let residual = try #require(graph.nodes.first { $0.name == "residual" })
    #expect(!graph.layers[residual.layer].configuration.isOperation)
    #expect(residual.arguments.count == 1)
  }

  @Test func keywordsOfKeras2BecomeArguments() throws {
    let vectors = GraphVector.names.filter { $0.hasSuffix("keras2-wide") }
    let vector = try GraphVector.read(#require(vectors.first))
    let graph = try ModelGraph(kerasConfiguration: vector.configuration, file: nil)
    let attention = try #require(graph.nodes.first { $0.name == "attention" })
    #expect(attention.arguments.count == 1)
    #expect(attention.keywords["value"]?.values.count == 1)
    let multiply = try #require(graph.nodes.first { $0.name.hasPrefix("tf.math.multiply") })
    #expect(multiply.keywords["y"] == .constant(.number(2)))
    #expect(graph.layers[multiply.layer].configuration.className == "TFOpLambda")
  }

  @Test func frozenModelsFreezeTheirLayers() throws {
    for name in GraphVector.names where name.hasSuffix("-nested") {
      let vector = try GraphVector.read(name)
      let graph = try ModelGraph(kerasConfiguration: vector.configuration, file: nil)
      for layer in graph.layers where layer.configuration.className != "InputLayer" {
        #expect(layer.isTrainable == !layer.configuration.name.hasPrefix("frozen/"))
      }
    }
  }

  @Test func classNamesBecomeGroupNamesAsInPython() {
    let cases = [
      "Conv2D": "conv2d", "BatchNormalization": "batch_normalization", "LSTM": "lstm",
      "SeparableConv2D": "separable_conv2d", "Conv2DTranspose": "conv2d_transpose",
      "ReLU": "re_lu", "PReLU": "p_re_lu", "GlobalAveragePooling2D": "global_average_pooling2d",
      "package>MyHTTPLayer": "my_http_layer", "TFOpLambda": "tf_op_lambda",
      "RMSNormalization":
        "rms_normalization", "GRUCell": "gru_cell", "ELU": "elu",
    ]
    for (name, wanted) in cases { #expect(snakeCase(className: name) == wanted) }
  }
}
