public import Checkpoints
import GGUF
import HDF5
import Keras
import NumPy
import PyTorch
import Safetensors

/// The formats that the programs know.
public enum CheckpointFormats {
  /// One line a format; the first that recognises a file opens it.
  public static let all: [any CheckpointFormat] = [
    KerasFormat(),
    KerasArchiveFormat(),
    KerasShardsFormat(),
    SafetensorsFormat(),
    SafetensorsIndexFormat(),
    ArrayFileFormat(),
    ArchiveFormat(),
    TorchFormat(),
    GGUFFormat(),
  ]

  /// Serves, and never returns, where this process was started as a worker of a format; the first
  /// call of every program that opens checkpoints.
  public static func serveIfAsked() {
    HDF5Worker.serveIfAsked()
  }

  /// Opens and surveys a checkpoint, recognising its format by its content.
  ///
  /// - Parameter path: A file's name, or `-` for standard input; or a folder that holds a model as
  ///   Hugging Face or Keras lay it out.
  /// - Returns: The surveyed checkpoint.
  /// - Throws: ``CheckpointError`` where the file can't be opened, isn't a checkpoint or is damaged.
  public static func open(_ path: String) throws(CheckpointError) -> Checkpoint {
    guard let names = FolderListing.names(in: path) else {
      return try open(try InputFile.open(path))
    }
    let file = try ModelFolder.file(among: names, of: path)
    let checkpoint = try open(try InputFile.open("\(path)/\(file)"))
    return checkpoint.adding(try KerasFolder.attributes(of: checkpoint, in: path, names: names))
  }

  /// The name of the weights in a folder that is modelled on another one; nil for a file.
  ///
  /// - Parameter path: A file's name, or a folder that holds a model.
  /// - Returns: The name that the weights have there; of parts, what they are parts of.
  /// - Throws: ``CheckpointError`` where the folder holds no model.
  public static func weightsName(like path: String) throws(CheckpointError) -> String? {
    guard let names = FolderListing.names(in: path) else { return nil }
    return ModelFolder.wholeName(of: try ModelFolder.file(among: names, of: path))
  }

  /// Surveys an open file, as ``open(_:)-(String)``.
  public static func open(_ file: InputFile) throws(CheckpointError) -> Checkpoint {
    for format in all where try format.recognises(file) {
      return try format.open(file)
    }
    throw try ForeignFile.error(for: file)
  }
}
