import Checkpoints
import TestSupport
import Testing

@testable import HDF5

/// The native survey of whole files: the same tree as the worker's.
struct NativeVectorTests {
  /// Vectors of plain HDF5 that must be understood without the worker.
  static let understood = SurveyVectorTests.names + ["matlab-cells"]

  static let folders = [
    "Formats/HDF5/Vectors", "Formats/Keras/Vectors", "samples", "samples/cnn",
    "samples/mlp",
  ].map { "\(Repository.root)/\($0)" }

  @Test(arguments: understood)
  func plainFilesAreUnderstood(name: String) throws {
    _ = try NativeComparison.native(Fixtures.open("\(name).h5")).get()
  }

  /// Every file of the repository that may be read: understood, and both trees are equal.
  @Test(arguments: folders)
  func bothSurveysAgree(folder: String) throws {
    Fixtures.serve()
    let names = try Fixtures.names(in: folder).filter { $0.hasSuffix(".h5") }
    #expect(!names.isEmpty)
    for name in names where !Self.listedWrongly.contains(name) {
      let file = try InputFile.open("\(folder)/\(name)")
      let native = try NativeComparison.native(file).get()
      let difference = NativeComparison.difference(native, try NativeComparison.worker(file))
      #expect(difference == nil, "\(name)")
    }
  }

  /// Data sets that can grow along another axis than the first: libhdf5 1.10 lists their chunks
  /// wrongly, so the worker refuses them.
  static let listedWrongly = ["growing.h5"]

  @Test func workersRefuseWhatTheLibraryListsWrongly() throws {
    for name in Self.listedWrongly {
      let file = try Fixtures.open(name)
      let error = #expect(throws: CheckpointError.self) { try NativeComparison.worker(file) }
      #expect(error?.fact.contains("along an axis that isn't the first") == true)
    }
  }

  /// Each value of this file is its own position.
  @Test func chunksAreWhereTheyBelong() throws {
    let file = try Fixtures.open("growing.h5")
    let tree = try NativeComparison.native(file).get()
    for dataset in tree.datasets {
      guard case .chunked(let grid) = dataset.storage, let shape = dataset.shape else {
        Issue.record("\(dataset.path) has no chunks")
        continue
      }
      let isSparse = dataset.path == TensorName("fixed_sparse_pages")
      #expect(grid.chunks.count == (isSparse ? 1 : grid.gridShape.reduce(1, *)), "\(dataset.path)")
      for (index, chunk) in grid.chunks {
        var position = 0
        for (origin, length) in zip(grid.box(at: index, shape: shape).origin, shape) {
          position = position * length + origin
        }
        let bytes = try file.bytes(chunk.extent).prefix(4)
        let bits = bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        #expect(Float(bitPattern: bits) == Float(position), "\(dataset.path)")
      }
    }
  }

  /// What must be left to the worker, whose word decides.
  @Test(arguments: ["external-link", "external-storage", "newer", "virtual"])
  func otherFilesAreLeftToTheWorker(name: String) throws {
    let file = try Fixtures.open("refused/\(name).h5")
    #expect(throws: NotUnderstood.self) { try NativeComparison.native(file).get() }
  }
}
