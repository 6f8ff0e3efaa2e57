import Checkpoints
import FormatRegistry
import Networks
import TestSupport
import Testing

/// Weights found in files that Keras wrote, told apart by their values.
@Suite struct ParameterBindingTests {
  @Test(arguments: GraphVector.names, ["h5", "weights.h5"])
  func everyWeightIsFound(name: String, suffix: String) throws {
    let vector = try GraphVector.read(name)
    let graph = try ModelGraph(kerasConfiguration: vector.configuration, file: name)
    let checkpoint = try CheckpointFormats.open("\(name).\(suffix)")
    let binding = try ParameterBinding(
      graph, slots: vector.slots(of: graph), checkpoint: checkpoint)
    #expect(binding.places.joined().count == vector.weights.count)
    for (layer, places) in zip(graph.layers, binding.places) {
      for (weight, place) in zip(vector.weights(of: layer), places) {
        let tensor = checkpoint.tensors[place]
        #expect(
          try ends(of: tensor, in: checkpoint) == weight.ends, "\(weight.layer) \(weight.name)")
      }
    }
  }

  @Test(arguments: ["h5", "weights.h5"])
  func namesOfKeras3FindWeightsOfKeras2(suffix: String) throws {
    let folder = "\(Repository.root)/Tests/NetworksTests/Vectors/"
    let (older, newer) = try (
      GraphVector.read(folder + "keras2-wide"), GraphVector.read(folder + "keras3-wide")
    )
    let graph = try ModelGraph(kerasConfiguration: older.configuration, file: nil)
    #expect(newer.slots(of: graph) != older.slots(of: graph))
    let checkpoint = try CheckpointFormats.open("\(folder)keras2-wide.\(suffix)")
    let found = try ParameterBinding(graph, slots: newer.slots(of: graph), checkpoint: checkpoint)
    let wanted = try ParameterBinding(graph, slots: older.slots(of: graph), checkpoint: checkpoint)
    #expect(found.places == wanted.places)
  }

  /// The first and last value of a tensor of 32-bit floats.
  private func ends(of tensor: Tensor, in checkpoint: Checkpoint) throws -> [Double] {
    try [0, tensor.elementCount - 1].map { place in
      var bytes = [UInt8](repeating: 0, count: 4)
      var scratch = ChunkScratch()
      var span = bytes.mutableSpan
      var target = unsafe span.mutableBytes
      try checkpoint.read(tensor, elements: place..<place + 1, into: &target, scratch: &scratch)
      let bits = bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      return Double(Float(bitPattern: bits))
    }
  }
}
