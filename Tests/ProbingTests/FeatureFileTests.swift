import Checkpoints
import FormatRegistry
import HDF5
import TestSupport
import Testing

@testable import Probing

/// Features that are written come back, whatever the order and the size of batches.
@Suite("Feature files")
struct FeatureFileTests {
  private let folder: TemporaryFolder
  private let layers = [
    FeatureFile.Layer(name: "stem", shape: [5, 4, 3]),
    FeatureFile.Layer(name: "block/dense", shape: [7]),
    FeatureFile.Layer(name: "block/deeper/dense", shape: [2]),
    FeatureFile.Layer(name: "energy", shape: []),
    FeatureFile.Layer(name: "nothing", shape: [0]),
    FeatureFile.Layer(name: "a last one: \u{e9}", shape: [300, 60]),
  ]

  init() throws {
    SurveyWorker.useBuiltProgram()
    folder = try TemporaryFolder()
  }

  @Test(
    "values come back under their layers' names", arguments: [1, 3, 10])
  func roundTrip(batch: Int) throws {
    let path = folder.file("features.h5")
    let expected = try write(to: path, batch: batch)
    let file = try CheckpointFormats.open(path)
    #expect(Set(file.tensors.map(\.name.text)) == Set(layers.map(\.name)))
    for (layer, values) in zip(layers, expected) {
      let tensor = try #require(file.index(of: TensorName(layer.name)).map { file.tensors[$0] })
      #expect(tensor.shape == [10] + layer.shape && tensor.elementType == .float32)
      #expect(try FlatFile.values(of: layer.name, in: file).map { Float($0) } == values)
    }
    #expect(folder.names == ["features.h5"])
  }

  @Test("the same values give the same bytes, whatever the batches")
  func bytes() throws {
    for (name, batch) in [("1.h5", 1), ("2.h5", 4)] {
      _ = try write(to: folder.file(name), batch: batch)
    }
    let files = try ["1.h5", "2.h5"].map { try InputFile.open(folder.file($0)) }
    #expect(try digest(of: files[0]) == digest(of: files[1]))
  }

  @Test("a file with samples missing never gets its name")
  func incomplete() throws {
    let path = folder.file("features.h5")
    do {
      let file = try make(layers, at: path)
      let ones = [Float](repeating: 1, count: 7)
      try file.write(ones.span, of: 1, samples: 0..<1)
      let error = #expect(throws: CheckpointError.self) { try file.commit() }
      #expect(error?.description.contains("has 0 of 10 samples") == true)
    }
    #expect(folder.names.isEmpty)
  }

  @Test(
    "names that HDF5 can't hold together are refused before anything is written",
    arguments: [
      (["a", "a/b"], "below a"), (["a", "b", "a"], "twice"), (["/"], "name"), (["x/./y"], "name"),
      (["a/b", "a//b"], "name"),
    ])
  func names(names: [String], words: String) throws {
    let error = #expect(throws: CheckpointError.self) {
      _ = try make(names.map { FeatureFile.Layer(name: $0, shape: [1]) }, at: folder.file("f.h5"))
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(folder.names.isEmpty)
  }

  @Test("more values than can be addressed are an error")
  func size() throws {
    let error = #expect(throws: CheckpointError.self) {
      _ = try make([FeatureFile.Layer(name: "a", shape: [1 << 40, 1 << 40])], at: folder.file("f"))
    }
    #expect(error?.kind == .output)
    #expect(folder.names.isEmpty)
  }

  private func make(_ layers: [FeatureFile.Layer], at path: String) throws -> FeatureFile {
    try FeatureFile(layers, samples: 10, to: .file(path), replacing: false, writer: HDF5Writer())
  }

  /// Writes random values, the last batch first; returns them layer by layer.
  private func write(to path: String, batch: Int) throws -> [[Float]] {
    var generator = SeededGenerator(seed: 5)
    let values = layers.map { layer in
      (0..<10 * layer.shape.reduce(1, *)).map { _ in
        Float.random(in: -1...1, using: &generator)
      }
    }
    let file = try make(layers, at: path)
    for start in stride(from: 0, to: 10, by: batch).reversed() {
      let samples = start..<min(start + batch, 10)
      for (place, layer) in layers.enumerated() {
        let size = layer.shape.reduce(1, *)
        let range = samples.lowerBound * size..<samples.upperBound * size
        let part = Array(values[place][range])
        try file.write(part.span, of: place, samples: samples)
      }
    }
    try file.commit()
    return values
  }
}
