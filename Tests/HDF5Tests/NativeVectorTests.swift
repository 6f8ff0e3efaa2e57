import Checkpoints
import TestSupport
import Testing

@testable import HDF5

/// The native survey of whole files: the same tree as the worker's.
struct NativeVectorTests {
  /// Files that must be understood without the worker.
  static let understood = [
    "HDF5/Vectors/attributes.h5", "HDF5/Vectors/chunked.h5", "HDF5/Vectors/contiguous.h5",
    "HDF5/Vectors/floats.h5", "HDF5/Vectors/integers.h5", "HDF5/Vectors/matlab.h5",
    "HDF5/Vectors/matlab-cells.h5", "HDF5/Vectors/names.h5", "HDF5/Vectors/nonfinite.h5",
    "HDF5/Vectors/ordered.h5", "HDF5/Vectors/records.h5", "HDF5/Vectors/state-dict.h5",
    "HDF5/Vectors/tied.h5", "HDF5/Vectors/version-1.8.h5", "HDF5/Vectors/version-1.10.h5",
  ]

  static let folders = [
    "Formats/HDF5/Vectors", "Formats/HDF5/Vectors/refused", "Formats/Keras/Vectors", "samples",
    "samples/cnn", "samples/mlp",
  ].map { "\(Repository.root)/\($0)" }

  @Test(arguments: understood)
  func plainFilesAreUnderstood(path: String) throws {
    let file = try InputFile.open("\(Repository.root)/Formats/\(path)")
    _ = try NativeComparison.native(file).get()
  }

  /// Every file of the repository: where the native survey understands it, both trees are equal.
  @Test(arguments: folders)
  func bothSurveysAgree(folder: String) throws {
    Fixtures.serve()
    let names = try Fixtures.names(in: folder).filter { $0.hasSuffix(".h5") }
    #expect(!names.isEmpty)
    for name in names {
      let file = try InputFile.open("\(folder)/\(name)")
      let native: HDF5Tree
      do {
        native = try NativeComparison.native(file).get()
      } catch {
        print("not native:", name, error)
        // Only what is refused altogether and the files listed above may be left to the worker.
        let isPlain = folder.hasSuffix("HDF5/Vectors") || folder.hasSuffix("refused")
        #expect(isPlain, "\(name): \(error)")
        continue
      }
      let difference = NativeComparison.difference(native, try NativeComparison.worker(file))
      #expect(difference == nil, "\(name)")
    }
  }
}
