import Checkpoints
import Networks
import TestSupport
import Testing

/// Configurations that no Keras wrote: errors that say where and what, in little time, and no traps.
@Suite struct HostileConfigurationTests {
  private func message(_ configuration: String) -> String {
    do throws(CheckpointError) {
      let graph = try ModelGraph(kerasConfiguration: configuration, file: "net.json")
      return "a graph of \(graph.nodes.count) nodes"
    } catch {
      return error.description
    }
  }

  /// A functional model of layers given by name, class and the names that they take.
  private func functional(
    _ layers: [(name: String, class: String, from: [String])], inputs: [String] = ["x"],
    output: String
  ) -> String {
    let described = layers.map { layer in
      let from = layer.from.map { "[\"\($0)\", 0, 0, {}]" }.joined(separator: ",")
      let nodes = layer.from.isEmpty ? "[]" : "[[\(from)]]"
      return """
        {"class_name": "\(layer.class)", "name": "\(layer.name)", "inbound_nodes": \(nodes),
         "config": {"name": "\(layer.name)", "batch_shape": [null, 3]}}
        """
    }
    let entries = inputs.map { "[\"\($0)\", 0, 0]" }.joined(separator: ",")
    return """
      {"class_name": "Functional", "config": {"name": "net", "layers": [\(described.joined(separator: ","))],
       "input_layers": [\(entries)], "output_layers": [["\(output)", 0, 0]]}}
      """
  }

  @Test func otherTextsAreRefused() {
    #expect(message("{").hasPrefix("net.json: model configuration: isn't JSON; "))
    #expect(message("[]").contains("has no class_name and config"))
    #expect(message(String(repeating: "[", count: 1_000_000)).contains("isn't JSON"))
  }

  @Test func subclassedModelsAreToldWhatToDo() {
    let error = message(#"{"class_name": "MyNet", "config": {"name": "my", "width": 3}}"#)
    #expect(error.contains("model MyNet: is a subclassed model"))
    #expect(error.contains("rebuild the model as keras.Model(inputs, outputs) or Sequential"))
  }

  @Test func stackWithoutShapeIsToldToBeBuilt() {
    let dense = #"{"class_name": "Dense", "config": {"name": "d"}}"#
    let error = message(
      #"{"class_name": "Sequential", "config": {"name": "s", "layers": [\#(dense)]}}"#)
    #expect(error.contains("model s: its input shape isn't known; build the model"))
  }

  @Test func loopsAreFound() {
    let loop = functional(
      [("x", "InputLayer", []), ("a", "Add", ["x", "b"]), ("b", "ReLU", ["a"])], output: "b")
    #expect(message(loop).contains("layer a: its calls form a loop"))
    let toItself = functional([("x", "InputLayer", []), ("a", "ReLU", ["a"])], output: "a")
    #expect(message(toItself).contains("layer a: its calls form a loop"))
  }

  @Test func missingLayersAreNamed() {
    let dangling = functional([("x", "InputLayer", []), ("a", "ReLU", ["y"])], output: "a")
    #expect(message(dangling).contains("layer y: is referred to but isn't in the model"))
    let outside = functional([("x", "InputLayer", []), ("a", "ReLU", ["x"])], output: "b")
    #expect(message(outside).contains("layer b: is referred to but isn't in the model"))
  }

  @Test func equalNamesAreRefused() {
    let twice = functional(
      [("x", "InputLayer", []), ("a", "ReLU", ["x"]), ("a", "ReLU", ["x"])], output: "a")
    #expect(message(twice).contains("layer a: there are two of this name"))
  }

  @Test func inputsMustBeInputLayers() {
    let wrong = functional(
      [("x", "InputLayer", []), ("a", "ReLU", ["x"])], inputs: ["a"], output: "a")
    #expect(message(wrong).contains("layer a: is no InputLayer"))
    let unlisted = functional(
      [("x", "InputLayer", []), ("y", "InputLayer", []), ("a", "Add", ["x", "y"])], output: "a")
    #expect(message(unlisted).contains("has 2 InputLayers and 1 inputs"))
  }

  @Test func listInAnyOrderRuns() {
    let reversed = functional(
      [("c", "ReLU", ["b"]), ("b", "ReLU", ["a"]), ("a", "ReLU", ["x"]), ("x", "InputLayer", [])],
      output: "c")
    #expect(message(reversed) == "a graph of 4 nodes")
  }

  @Test func longChainsAgainstTheOrderTakeLinearTime() {
    let count = 20_000
    var layers = (1...count).reversed().map { index in
      (name: "l\(index)", class: "ReLU", from: [index == 1 ? "x" : "l\(index - 1)"])
    }
    layers.append(("x", "InputLayer", []))
    #expect(message(functional(layers, output: "l\(count)")) == "a graph of 20001 nodes")
  }

  @Test func modelsThatCallOneAnotherManyTimesAreRefused() {
    // Each model calls the one in it twice: 2^40 calls of the innermost.
    var inner =
      #"{"class_name": "ReLU", "name": "m", "config": {"name": "m"}, "inbound_nodes": NODES}"#
    for _ in 0..<40 {
      let nodes = #"[[["x", 0, 0, {}]], [["m", 0, 0, {}]]]"#
      let member = inner.replacing("NODES", with: nodes)
      inner = """
        {"class_name": "Functional", "name": "m", "inbound_nodes": NODES, "config": {"name": "m",
         "layers": [{"class_name": "InputLayer", "name": "x", "inbound_nodes": [],
         "config": {"name": "x", "batch_shape": [null, 3]}}, \(member)],
         "input_layers": [["x", 0, 0]], "output_layers": [["m", 1, 0]]}}
        """
    }
    #expect(message(inner.replacing("NODES", with: "[]")).contains("call one another more than"))
  }

  @Test func textsCutAtEveryLengthAndChangedAnywhereNeverTrap() throws {
    var generator = SeededGenerator(seed: 7)
    for name in GraphVector.names where name.contains("nested") || name.contains("wide") {
      let text = Array(try GraphVector.read(name).configuration.utf8)
      for length in stride(from: 0, to: text.count, by: 97) {
        _ = message(String(decoding: text[..<length], as: UTF8.self))
      }
      for _ in 0..<300 {
        var changed = text
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let place = Int.random(in: text.indices, using: &generator)
          let other = text[Int.random(in: text.indices, using: &generator)]
          changed[place] = other
        }
        _ = message(String(decoding: changed, as: UTF8.self))
      }
    }
  }

  @Test(arguments: [
    #""batch_shape": 1e308"#, #""layers": {}"#, #""layers": [[[[]]]]"#, #""layers": [null, 3]"#,
    #""input_layers": [["x", 0, -9223372036854775808]]"#,
    #""output_layers": [["a", 9007199254740992, -1]]"#, #""output_layers": 7"#,
    #""output_layers": [["a", 1e400, NaN]]"#,
  ])
  func strangeMembersAreErrors(member: String) {
    // The last of equal names counts, so this replaces one.
    let plain = functional([("x", "InputLayer", []), ("a", "ReLU", ["x"])], output: "a")
    let changed = String(plain.dropLast(2)) + ", \(member)}}"
    let result = message(changed)
    #expect(
      member.contains("batch_shape")
        ? result == "a graph of 2 nodes" : result.hasPrefix("net.json: "))
  }
}
