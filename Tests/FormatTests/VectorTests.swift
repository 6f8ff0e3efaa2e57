import Checkpoints
import FormatRegistry
import FoundationEssentials
import Merging
import TestSupport
import Testing

/// Every file that real writers made, against what h5py and NumPy say that it holds.
struct VectorTests {
  struct Expectation: Decodable {
    struct Tensor: Decodable {
      struct Statistics: Decodable {
        let sha256: String?
        let nan: Int?
        let inf: Int?
        let min: Double?
        let max: Double?
        let mean: Double?
        let l2: Double?
      }

      let name: String
      let dtype: String
      let shape: [Int]?
      let role: String?
      let layer: String?
      let storage: String?
      let aliasOf: String?
      let stats: Statistics?
    }

    let tensors: [Tensor]
    let optional: [String]
  }

  @Test(arguments: [
    ("Keras", 19), ("HDF5", 14), ("NumPy", 8), ("Safetensors", 4), ("PyTorch", 4), ("GGUF", 1),
  ])
  func vectorsAreFound(format: String, count: Int) {
    #expect(Vectors.files.filter { $0.hasPrefix(format) }.count >= count)
  }

  @Test(arguments: Vectors.files)
  func checkpointIsWhatItsWriterSays(name: String) throws {
    let json = try FlatFile.bytes(of: InputFile.open(Vectors.path(Vectors.expectation(of: name))))
    let decoder = JSONDecoder()
    // Python writes Infinity.
    decoder.allowsJSON5 = true
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let expected = try decoder.decode(Expectation.self, from: Data(json))
    let checkpoint = try Vectors.open(name)
    var unseen = Set(checkpoint.tensors.flatMap { [$0.name] + $0.aliases })
    for wanted in expected.tensors {
      let name = TensorName(wanted.name)
      let place = try #require(checkpoint.index(of: name), "\(name)")
      unseen.remove(name)
      try check(checkpoint.tensors[place], in: checkpoint, against: wanted)
    }
    #expect(unseen.allSatisfy { expected.optional.contains($0.text) }, "\(unseen)")
    #expect(checkpoint.inconsistencies == [])
  }

  private func check(
    _ tensor: Tensor, in checkpoint: Checkpoint, against wanted: Expectation.Tensor
  ) throws {
    let name = Comment(rawValue: wanted.name)
    #expect(tensor.elementType.description == wanted.dtype, name)
    #expect(tensor.shape == wanted.shape, name)
    if let role = wanted.role { #expect(tensor.role.rawValue == role, name) }
    if let layer = wanted.layer { #expect(tensor.layer == layer, name) }
    if let storage = wanted.storage { #expect(tensor.storage.label == storage, name) }
    if let original = wanted.aliasOf {
      #expect(tensor.name == TensorName(original), name)
      #expect(tensor.aliases.contains(TensorName(wanted.name)), name)
    } else {
      #expect(tensor.name == TensorName(wanted.name), name)
    }
    guard let stats = wanted.stats else { return }
    let found = try #require(try TensorStatistics(of: tensor, in: checkpoint), name)
    if let sha256 = stats.sha256 { #expect(found.sha256 == sha256, name) }
    if let nan = stats.nan { #expect(found.nanCount == nan, name) }
    if let infinite = stats.inf { #expect(found.infiniteCount == infinite, name) }
    if let least = stats.min { #expect(found.minimum == least, name) }
    if let greatest = stats.max { #expect(found.maximum == greatest, name) }
    // Sums in another order may differ in their last digits.
    for (figure, wanted) in [(found.mean, stats.mean), (found.norm, stats.l2)] {
      guard let wanted else { continue }
      let figure = try #require(figure, name)
      let scale = Swift.max(abs(wanted), abs(stats.max ?? 0), abs(stats.min ?? 0))
      #expect(figure == wanted || abs(figure - wanted) <= 1e-12 * scale, name)
    }
  }
}
