import Architectures
import ArgumentParser
import Checkpoints

/// Which tensors of two files are the same.
struct MatchingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What makes tensors of two files the same: name, or keras (the layer and the order of its "
        + "weights, between Keras's .h5, .weights.h5 and .keras).", valueName: "policy"))
  var match = MatchPolicy.name

  @Option(
    help: ArgumentHelp(
      "The model's configuration, as model.to_json() gives it, for --match keras and for .keras "
        + "outputs where no file holds it.", valueName: "file"))
  var architecture: String?

  /// The files with the names of the first, where they aren't matched by name.
  ///
  /// - Throws: ``CheckpointError`` where files aren't of one network.
  func matched(_ files: [Checkpoint]) throws(CheckpointError) -> [Checkpoint] {
    guard match == .keras, let template = files.first else {
      return files
    }
    let given = try configuration() ?? Self.configuration(in: files)
    var result = [template]
    for file in files.dropFirst() {
      result.append(try KerasMatching(file, to: template, architecture: given).renamed())
    }
    return result
  }

  /// That of any file serves two others that have none.
  private static func configuration(in files: [Checkpoint]) -> (file: String, text: String)? {
    for file in files {
      if let text = file.attribute("model_config") { return (file.file.name, text) }
    }
    return nil
  }

  /// The configuration that was given.
  ///
  /// - Throws: ``CheckpointError`` where the file can't be read.
  func configuration() throws(CheckpointError) -> (file: String, text: String)? {
    try modelConfiguration(architecture)
  }
}

/// The text of a configuration's file.
func modelConfiguration(
  _ path: String?
) throws(CheckpointError) -> (file: String, text: String)? {
  guard let path else { return nil }
  let file = try InputFile.open(path)
  guard let whole = Extent(offset: 0, length: file.size), file.size <= 256 << 20 else {
    throw .unusable(path, "is too large for a configuration")
  }
  return (path, String(decoding: try file.bytes(whole), as: UTF8.self))
}

/// The values of `--match`.
enum MatchPolicy: String, ExpressibleByArgument, CaseIterable {
  case name, keras
}
