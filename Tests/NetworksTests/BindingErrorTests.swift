import Checkpoints
import FormatRegistry
import Networks
import TestSupport
import Testing

/// Files and configurations that don't belong together, and such that do in spite of their names.
@Suite struct BindingErrorTests {
  private static let folder = "\(Repository.root)/Tests/NetworksTests/Vectors/"

  /// A network's graph and weights, the configuration perhaps edited.
  private func network(
    _ name: String, edit: (String) -> String = { $0 }
  ) throws -> (graph: ModelGraph, slots: [[ParameterSlot]]) {
    let vector = try GraphVector.read(BindingErrorTests.folder + name)
    let original = try ModelGraph(kerasConfiguration: vector.configuration, file: nil)
    let graph = try ModelGraph(kerasConfiguration: edit(vector.configuration), file: nil)
    return (graph, vector.slots(of: original))
  }

  private func open(_ name: String) throws -> Checkpoint {
    try CheckpointFormats.open(BindingErrorTests.folder + name)
  }

  private func message(
    _ graph: ModelGraph, _ slots: [[ParameterSlot]], _ checkpoint: Checkpoint
  ) -> String {
    do throws(CheckpointError) {
      _ = try ParameterBinding(graph, slots: slots, checkpoint: checkpoint)
      return "bound"
    } catch {
      return error.description
    }
  }

  @Test(arguments: ["keras2-deferred", "keras3-deferred"], [".h5", ".weights.h5"])
  func layersOfOtherNamesAreFoundByOrder(name: String, suffix: String) throws {
    let plain = try network(name)
    // As another session of Keras would count: the first name is one that the file has, too.
    let renamed = try network(name) { text in
      text.replacing("\"dense_2\"", with: "\"dense_7\"")
        .replacing("\"dense_1\"", with: "\"dense_2\"")
        .replacing("\"dense\"", with: "\"dense_1\"")
    }
    #expect(renamed.graph.nodes.map(\.name).suffix(3) == ["dense_1", "dense_2", "dense_7"])
    let checkpoint = try open(name + suffix)
    let expected = try ParameterBinding(plain.graph, slots: plain.slots, checkpoint: checkpoint)
    let found = try ParameterBinding(renamed.graph, slots: renamed.slots, checkpoint: checkpoint)
    #expect(found.places == expected.places)
  }

  @Test(arguments: ["keras2-nested", "keras3-nested"])
  func otherFrozenLayersMoveNoWeights(name: String) throws {
    let plain = try network(name)
    let thawed = try network(name) { text in
      text.replacing("\"trainable\": false", with: "\"trainable\": true")
    }
    #expect(!thawed.graph.layers.contains { !$0.isTrainable })
    let checkpoint = try open(name + ".h5")
    let expected = try ParameterBinding(plain.graph, slots: plain.slots, checkpoint: checkpoint)
    let found = try ParameterBinding(thawed.graph, slots: thawed.slots, checkpoint: checkpoint)
    #expect(found.places == expected.places)
  }

  @Test(arguments: [".h5", ".weights.h5"])
  func anotherShapeIsNamedWithBoth(suffix: String) throws {
    var (graph, slots) = try network("keras3-stack")
    let layer = try #require(slots.indices.first { slots[$0].first?.shape == [18, 3] })
    slots[layer][0] = ParameterSlot("kernel", storePath: "vars/0", shape: [18, 5])
    let error = try message(graph, slots, open("keras3-stack" + suffix))
    #expect(error.hasPrefix(BindingErrorTests.folder + "keras3-stack" + suffix))
    #expect(error.contains("layer head (Dense): weight kernel is 18x5 by the configuration"))
    #expect(error.contains("but 18x3 in tensor"))
    #expect(error.hasSuffix("; give the configuration of the model that wrote this file"))
  }

  @Test(arguments: [".h5", ".weights.h5"])
  func leftOverTensorsAreNamed(suffix: String) throws {
    var (graph, slots) = try network("keras3-stack")
    let layer = try #require(slots.indices.first { slots[$0].first?.shape == [18, 3] })
    slots[layer] = []
    let error = try message(graph, slots, open("keras3-stack" + suffix))
    #expect(error.contains("holds 2 tensors that no layer of the configuration has: "))
    #expect(error.contains(suffix == ".h5" ? "head/kernel (18x3)" : "dense/vars/0 (18x3)"))
  }

  @Test(arguments: [".h5", ".weights.h5"])
  func missingWeightsAreNamed(suffix: String) throws {
    var (graph, slots) = try network("keras3-stack")
    let layer = try #require(slots.indices.first { slots[$0].first?.shape == [18, 3] })
    slots[layer].append(ParameterSlot("scale", storePath: "vars/2", shape: [3]))
    let error = try message(graph, slots, open("keras3-stack" + suffix))
    #expect(error.contains("layer head (Dense): "))
    #expect(error.contains("scale (3)"))
  }

  @Test(arguments: [".h5", ".weights.h5"])
  func anotherNetworksFileIsRefused(suffix: String) throws {
    let (graph, slots) = try network("keras3-stack")
    let error = try message(graph, slots, open("keras3-nested" + suffix))
    #expect(error.hasSuffix("; give the configuration of the model that wrote this file"))
  }

  @Test func filesOfNoNetworkAreRefused() throws {
    let (graph, slots) = try network("keras3-stack")
    let path = "\(Repository.root)/Formats/HDF5/Vectors/ordered.h5"
    let error = try message(graph, slots, CheckpointFormats.open(path))
    #expect(error.contains("isn't a file of Keras's"))
  }

  @Test func configurationsInOtherVectorsMakeGraphs() throws {
    let folder = "\(Repository.root)/Formats/Keras/Vectors"
    var count = 0
    // The imitation of Keras 1 has a configuration without layers.
    let names = TemporaryFolder.names(in: folder)
    for name in names where name.hasSuffix(".h5") && name != "keras1-full.h5" {
      let checkpoint = try CheckpointFormats.open("\(folder)/\(name)")
      guard let text = checkpoint.attribute("model_config") else { continue }
      let graph = try ModelGraph(kerasConfiguration: text, file: name)
      #expect(graph.nodes.count > graph.inputs.count, "\(name)")
      count += 1
    }
    #expect(count >= 4)
  }
}
