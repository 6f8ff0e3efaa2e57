import Checkpoints
import FormatRegistry
import HDF5
import TestSupport
import Testing

/// Files whose own lists are wrong are opened, and `verify` says what is wrong.
struct InconsistencyTests {
  /// Opens a vector after replacing the last place that holds a text.
  private func open(
    _ vector: String, replacing text: [UInt8], by other: [UInt8]
  ) throws -> Checkpoint {
    #expect(text.count == other.count)
    var bytes = try FlatFile.bytes(of: InputFile.open(Vectors.path("Keras/Vectors/\(vector)")))
    let place = try #require(
      stride(from: bytes.count - text.count, through: 0, by: -1).first {
        bytes[$0..<$0 + text.count].elementsEqual(text)
      })
    bytes.replaceSubrange(place..<place + text.count, with: other)
    let folder = try TemporaryFolder()
    HDF5Worker.use(executable: BuiltProgram.path)
    return try CheckpointFormats.open(FlatFile.file(bytes, at: folder.file(vector)))
  }

  /// The list of layers follows the names of the groups in this file.
  @Test func aLayerWithoutGroupIsReported() throws {
    let checkpoint = try open(
      "keras1-full.h5", replacing: Array("dense_1\0".utf8), by: Array("dense_2\0".utf8))
    #expect(checkpoint.inconsistencies == ["layer dense_2: is in layer_names but has no group"])
    // What no list names is still there, behind the rest.
    let unlisted = checkpoint.tensors.filter { $0.role != .optimizer }.suffix(2)
    #expect(
      unlisted.map(\.name.text) == [
        "model_weights/dense_1/dense_1_W", "model_weights/dense_1/dense_1_b",
      ])
    #expect(unlisted.allSatisfy { $0.layer == nil && $0.role == .weight })
  }

  @Test func aWeightThatIsMissingIsReported() throws {
    let checkpoint = try open(
      "keras1-full.h5", replacing: Array("dense_1_W".utf8), by: Array("dense_1_V".utf8))
    #expect(
      checkpoint.inconsistencies == [
        "layer dense_1: names weight dense_1_V, which isn't in the file"
      ])
    let network = checkpoint.tensors.filter { $0.role != .optimizer }
    #expect(network.last?.name.text == "model_weights/dense_1/dense_1_W")
  }

  /// Nine bytes a name: the list of the dense layer, not the optimizer's.
  @Test func aGroupWithoutItsListIsReported() throws {
    let type = "\0\0\0\0\u{13}\u{1}\0\0\u{9}"
    let checkpoint = try open(
      "keras1-full.h5", replacing: Array("weight_names\(type)".utf8),
      by: Array("height_names\(type)".utf8))
    #expect(checkpoint.inconsistencies == ["layer dense_1: has no attribute weight_names"])
  }

  /// Link names lie in heaps of eight bytes a name.
  @Test func aGapInNumberedVariablesIsReported() throws {
    let padding = [UInt8](repeating: 0, count: 7)
    let checkpoint = try open(
      "keras3-seeds.weights.h5", replacing: Array("0".utf8) + padding + Array("1".utf8) + padding,
      by: Array("0".utf8) + padding + Array("7".utf8) + padding)
    #expect(checkpoint.inconsistencies.count == 1)
    #expect(
      checkpoint.inconsistencies.first?.hasSuffix("has 2 variables, one of which is number 7")
        == true)
  }
}
