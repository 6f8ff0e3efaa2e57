package import Checkpoints
import FormatRegistry
import HDF5

/// The files that lie beside the formats, by their paths below `Formats`.
package enum Vectors {
  /// Every file that has an expectation beside it.
  package static let files: [String] = TemporaryFolder.names(in: path("")).sorted()
    .flatMap { format in
      let names = TemporaryFolder.names(in: path("\(format)/Vectors"))
      return names.filter { !$0.hasSuffix(".json") && names.contains(expectation(of: $0)) }
        .map { "\(format)/Vectors/\($0)" }
    }

  /// Those that are HDF5 files, by Keras and others.
  package static let hdf5Files = files.filter { $0.hasSuffix(".h5") }

  /// The path of the JSON that says what a file holds.
  package static func expectation(of name: String) -> String {
    let dot = name.lastIndex(of: ".") ?? name.endIndex
    return name[..<dot] + ".json"
  }

  /// The path of a file in this checkout.
  package static func path(_ name: String) -> String { "\(Repository.root)/Formats/\(name)" }

  /// Surveys a file, in a worker process where its format needs one.
  package static func open(_ name: String) throws -> Checkpoint {
    HDF5Worker.use(executable: BuiltProgram.path)
    return try CheckpointFormats.open(path(name))
  }
}
